package io.entrepot.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads certificates and keys from files, none of which may be large. */
final class KeyFiles {
    private static final int MOST_BYTES = 1 << 20;

    private KeyFiles() {}

    static Identity read(TlsSource.Pem source) throws TlsException {
        String from = source.certificate().toString();
        Pem certificates = Pem.parse(text(source.certificate()), from);
        Pem key = source.key().equals(source.certificate())
                ? certificates
                : Pem.parse(text(source.key()), source.key().toString());
        return Identity.of(key.key(source.password()), certificates.certificates(), from);
    }

    static Identity read(TlsSource.Pkcs12 source) throws TlsException {
        byte[] bytes = bytes(source.file());
        char[] password = source.password().orElse("").toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new java.io.ByteArrayInputStream(bytes), password);
            List<String> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() != 1) {
                throw new TlsException(source.file() + " must hold exactly one key, not " + keys.size());
            }
            Key key = store.getKey(keys.get(0), password);
            return Identity.of(
                    (PrivateKey) key, chain(store, keys.get(0)), source.file().toString());
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(
                    source.file()
                            + " cannot be opened: the password is wrong (server.tls.password), or it is not PKCS#12",
                    e);
        }
    }

    private static List<X509Certificate> chain(KeyStore store, String alias) throws GeneralSecurityException {
        List<X509Certificate> all = new ArrayList<>();
        for (Certificate certificate : store.getCertificateChain(alias)) {
            all.add((X509Certificate) certificate);
        }
        for (String other : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(other)) {
                all.add((X509Certificate) store.getCertificate(other));
            }
        }
        return all;
    }

    static List<X509Certificate> certificates(Path file) throws TlsException {
        List<X509Certificate> all = Pem.parse(text(file), file.toString()).certificates();
        if (all.isEmpty()) {
            throw new TlsException(file + " holds no certificate");
        }
        return all;
    }

    static String text(Path file) throws TlsException {
        return new String(bytes(file), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(Path file) throws TlsException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new TlsException(file + " is larger than 1 MiB: it cannot be a certificate or a key");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new TlsException(file + " does not exist", e);
        } catch (IOException e) {
            throw new TlsException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether other users than its owner may read it; false where files have no such rights. */
    static boolean readableByOthers(Path file) {
        return mayBeReadBy(file, PosixFilePermission.OTHERS_READ);
    }

    static boolean readableByGroupOrOthers(Path file) {
        return readableByOthers(file) || mayBeReadBy(file, PosixFilePermission.GROUP_READ);
    }

    private static boolean mayBeReadBy(Path file, PosixFilePermission who) {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            Set<PosixFilePermission> permissions =
                    view == null ? Set.of() : view.readAttributes().permissions();
            return permissions.contains(who);
        } catch (IOException e) {
            // It cannot be read by us either, which whoever reads it will say.
            return false;
        }
    }

    /** What changes whenever the file is replaced or written to. Symbolic links are followed, as Kubernetes needs it. */
    static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, new LinkOption[0]);
            return Optional.ofNullable(attributes.fileKey()) + " " + attributes.lastModifiedTime() + " "
                    + attributes.size();
        } catch (IOException e) {
            return "missing";
        }
    }
}
