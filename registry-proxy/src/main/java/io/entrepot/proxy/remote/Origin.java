package io.entrepot.proxy.remote;

import java.net.URI;
import okhttp3.HttpUrl;

/** Scheme, host and port: what a credential belongs to. */
record Origin(String scheme, String host, int port) {
    static Origin of(HttpUrl url) {
        return new Origin(url.scheme(), url.host(), url.port());
    }

    /**
     * @throws IllegalArgumentException if it is no http or https URL */
    static Origin of(URI uri) {
        return of(HttpUrl.get(uri.toString()));
    }

    boolean isHttps() {
        return scheme.equals("https");
    }

    @Override
    public String toString() {
        boolean usual = port == HttpUrl.defaultPort(scheme);
        return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + (usual ? "" : ":" + port);
    }
}
