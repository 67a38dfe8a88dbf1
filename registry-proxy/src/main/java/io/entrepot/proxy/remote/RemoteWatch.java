package io.entrepot.proxy.remote;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Told of every answer of an upstream, for budgets and figures. Called on the thread of the request; must not block. */
public interface RemoteWatch {
    RemoteWatch NONE = new RemoteWatch() {};

    /**
     * What an answer said of a rate limit ({@code RateLimit-*}, {@code docker-ratelimit-source}, {@code Retry-After}).
     *
     * @param limit how many requests are allowed in {@code window}
     * @param remaining how many of them are left
     */
    record Budget(
            OptionalLong limit, OptionalLong remaining, Optional<Duration> window, Optional<Duration> retryAfter) {}

    /**
     * An answer of the registry itself came: not of its token endpoint, nor of where it redirects to.
     *
     * @param kind of what was asked: {@code manifest}, {@code blob}, {@code list}, {@code upload} or {@code other}
     */
    default void answered(String method, String kind, int status, Budget budget) {}

    /** There was no answer. */
    default void failed(String method, String kind, Exception why) {}

    /** A body was read to its end or given up: so many bytes came. {@code status} is empty if no answer came at all. */
    default void received(String kind, long bytes, OptionalInt status) {}
}
