package io.entrepot.auth.realm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Self-signed certificates, made by the JDK's own tool. */
final class Keytool {
    static final char[] PASSWORD = "changeit".toCharArray();

    private Keytool() {}

    /** A key with a certificate of this subject, and perhaps other names, such as {@code san=ip:127.0.0.1}. */
    static KeyStore key(Path folder, String subject, String... extensions) throws Exception {
        Path file = Files.createTempFile(folder, "key", ".p12");
        Files.delete(file);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString(),
                "-dname",
                subject));
        for (String extension : extensions) {
            command.add("-ext");
            command.add(extension);
        }
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] said = keytool.getInputStream().readAllBytes();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool: " + new String(said, StandardCharsets.UTF_8));
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(file)) {
            store.load(bytes, PASSWORD);
        }
        return store;
    }

    static X509Certificate certificate(KeyStore store) throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("key");
    }

    static Path certificatePem(Path folder, KeyStore store) throws GeneralSecurityException, IOException {
        return pem(folder, "CERTIFICATE", certificate(store).getEncoded());
    }

    static Path keyPem(Path folder, KeyStore store) throws GeneralSecurityException, IOException {
        return pem(folder, "PRIVATE KEY", store.getKey("key", PASSWORD).getEncoded());
    }

    private static Path pem(Path folder, String kind, byte[] bytes) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                Files.createTempFile(folder, "test", ".pem"),
                "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }
}
