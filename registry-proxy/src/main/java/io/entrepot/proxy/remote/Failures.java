package io.entrepot.proxy.remote;

import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Says why there is no answer, in words of ours: what libraries say may quote a URL. Has a cause only if the next attempt may
 * fare better.
 */
final class Failures {
    /** Its message is for whoever waits for the answer. */
    static class Told extends IOException {
        private static final long serialVersionUID = 1;

        Told(String message) {
            super(message);
        }
    }

    private Failures() {}

    /** @param proxy through which the host was to be reached */
    static RegistryException.Unavailable of(String host, Optional<OutboundProxy.Server> proxy, IOException e) {
        List<Throwable> all = new ArrayList<>();
        collect(e, all);
        return Hops.unavailable(host + " cannot be reached: " + why(e, all, proxy), mayPass(e, all) ? e : null);
    }

    /** With what it came from, and what failed beside it. */
    private static void collect(@Nullable Throwable e, List<Throwable> into) {
        if (e == null || into.contains(e) || into.size() > 100) {
            return;
        }
        into.add(e);
        collect(e.getCause(), into);
        for (Throwable beside : e.getSuppressed()) {
            collect(beside, into);
        }
    }

    private static boolean mayPass(IOException e, List<Throwable> all) {
        boolean stays = e instanceof InterruptedIOException
                || e instanceof SSLHandshakeException
                || e instanceof SSLPeerUnverifiedException
                || has(all, ConnectGuard.Refused.class)
                || isRefusedByProxy(e);
        return !stays;
    }

    private static String why(IOException e, List<Throwable> all, Optional<OutboundProxy.Server> proxy) {
        Optional<Told> told = all.stream()
                .filter(Told.class::isInstance)
                .map(Told.class::cast)
                .findFirst();
        if (told.isPresent()) {
            return String.valueOf(told.get().getMessage());
        }
        if (proxy.isPresent() && isRefusedByProxy(e)) {
            return "the outbound proxy " + proxy.get().host() + " does not let us through to it";
        }
        boolean unknown = e instanceof UnknownHostException;
        if (unknown || e instanceof ConnectException || e instanceof NoRouteToHostException) {
            String what = unknown ? "name is not known" : "port does not take connections";
            return proxy.map(server -> "it is behind the outbound proxy " + server.host() + ", whose " + what)
                    .orElse("its " + what);
        }
        if (e instanceof SSLException) {
            return tls(e, all);
        }
        return e instanceof InterruptedIOException ? "it did not answer in time" : "the connection failed or broke";
    }

    private static boolean isRefusedByProxy(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("authenticate with proxy") || message.contains("response code for CONNECT");
    }

    private static String tls(IOException e, List<Throwable> all) {
        if (e instanceof SSLPeerUnverifiedException) {
            return "its certificate is for another name";
        } else if (has(all, CertificateExpiredException.class)) {
            return "its certificate has expired";
        } else if (has(all, CertificateException.class)) {
            return "its certificate is of no authority that is trusted here";
        }
        return "TLS failed; does it want a certificate of ours, or none at all?";
    }

    private static boolean has(List<Throwable> all, Class<? extends Throwable> kind) {
        return all.stream().anyMatch(kind::isInstance);
    }
}
