package io.entrepot.proxy.remote;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import okhttp3.Headers;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A {@link Reply} over one of OkHttp. */
final class OkReply implements Reply {
    private final Response response;
    private final WatchedBody body;

    OkReply(Response response, String kind, RemoteOptions options) {
        this.response = response;
        this.body = new WatchedBody(
                response.body().byteStream(),
                response.request().url().host(),
                options,
                bytes -> options.watch().received(kind, bytes, OptionalInt.of(response.code())));
    }

    Headers rawHeaders() {
        return response.headers();
    }

    @Override
    public int status() {
        return response.code();
    }

    @Override
    public String header(String name) {
        return String.join(", ", headers(name));
    }

    @Override
    public List<String> headers(String name) {
        return response.headers(name);
    }

    @Override
    public OptionalLong length() {
        String text = header("Content-Length");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    @Override
    public URI from() {
        return response.request().url().uri();
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public byte[] bytes(int limit) {
        String host = response.request().url().host();
        try {
            byte[] bytes = body.readNBytes(limit);
            if (bytes.length == limit && body.read() >= 0) {
                throw unavailable("an answer of " + host + " is longer than " + limit + " bytes", null);
            }
            return bytes;
        } catch (IOException e) {
            throw unavailable("an answer of " + host + " broke off or came too slowly: try again later", e);
        }
    }

    private static RegistryException.Unavailable unavailable(String message, @Nullable Throwable cause) {
        return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, Optional.empty(), cause);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // It is not wanted any more, and its connection is not used again.
        } finally {
            response.close();
        }
    }
}
