package io.entrepot.server.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the server's certificate comes from. None of these prints a password. */
public sealed interface TlsSource {

    /** A chain of certificates and their key, in PEM; the key may be in the same file and may be encrypted. */
    record Pem(Path certificate, Path key, Optional<String> password) implements TlsSource {
        @Override
        public String toString() {
            return "certificate " + certificate + " with key " + key;
        }
    }

    /** A PKCS#12 file (.p12, .pfx) with one key and its chain. */
    record Pkcs12(Path file, Optional<String> password) implements TlsSource {
        @Override
        public String toString() {
            return "key store " + file;
        }
    }

    /**
     * A certificate made here, by an authority of this installation, and made again before it ends.
     *
     * @param folder {@code tls} in the data folder
     * @param names host names and addresses besides those of this machine, such as the public URL's
     */
    record Own(Path folder, List<String> names) implements TlsSource {
        public Own {
            names = List.copyOf(names);
        }
    }
}
