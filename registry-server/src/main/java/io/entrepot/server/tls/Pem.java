package io.entrepot.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Certificates and keys as text between {@code -----BEGIN X-----} and {@code -----END X-----}. */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int LINE = 64;

    /** One of the parts of such a text. */
    private record Block(String label, String body) {
        boolean encryptedTheOldWay() {
            return body.contains("Proc-Type:") && body.contains("ENCRYPTED");
        }

        byte[] der() {
            return Base64.getMimeDecoder().decode(body);
        }
    }

    private final String from;
    private final List<Block> blocks;

    private Pem(String from, List<Block> blocks) {
        this.from = from;
        this.blocks = blocks;
    }

    /** @param from names the source in messages */
    static Pem parse(String text, String from) throws TlsException {
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf(END + label + DASHES, labelEnd);
            if (end < 0) {
                throw new TlsException(from + " is cut off: a part begins and does not end");
            }
            blocks.add(new Block(
                    label, text.substring(labelEnd + DASHES.length(), end).strip()));
            at = text.indexOf(BEGIN, end);
        }
        if (blocks.isEmpty()) {
            throw new TlsException(
                    from + " is not PEM: there is no line -----BEGIN CERTIFICATE----- or the like in it");
        }
        return new Pem(from, blocks);
    }

    List<X509Certificate> certificates() throws TlsException {
        List<X509Certificate> all = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE")) {
                try {
                    all.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (CertificateException | IllegalArgumentException e) {
                    throw new TlsException(from + " is damaged: a certificate in it cannot be read", e);
                }
            }
        }
        return all;
    }

    /** The only private key: PKCS#8, encrypted or not, PKCS#1 (RSA) or SEC1 (EC). */
    PrivateKey key(Optional<String> password) throws TlsException {
        List<Block> keys = blocks.stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw new TlsException(from + " holds " + (keys.isEmpty() ? "no private key" : "several private keys"));
        }
        Block block = keys.get(0);
        if (block.encryptedTheOldWay()) {
            throw new TlsException("the key in " + from + " is encrypted in the old way of OpenSSL:"
                    + " convert it with openssl pkcs8 -topk8 -in OLD -out NEW");
        }
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> key(PrivateKeyInfo.getInstance(block.der()));
                case "ENCRYPTED PRIVATE KEY" -> key(decrypted(block.der(), password));
                case "RSA PRIVATE KEY" -> key(rsa(RSAPrivateKey.getInstance(block.der())));
                case "EC PRIVATE KEY" -> key(ec(ECPrivateKey.getInstance(block.der())));
                default ->
                    throw new TlsException("the key in " + from + " is a " + block.label() + ", which cannot be used:"
                            + " convert it with openssl pkcs8 -topk8");
            };
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new TlsException("the key in " + from + " cannot be read", e);
        }
    }

    private PrivateKeyInfo decrypted(byte[] der, Optional<String> password) throws TlsException {
        if (password.isEmpty()) {
            throw new TlsException("the key in " + from + " is encrypted: give its password (server.tls.password)");
        }
        return EncryptedKey.decrypt(der, password.get(), from);
    }

    private PrivateKey key(PrivateKeyInfo info) throws GeneralSecurityException, IOException, TlsException {
        String oid = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        String algorithm;
        if (oid.equals(PKCSObjectIdentifiers.rsaEncryption.getId())) {
            algorithm = "RSA";
        } else if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey.getId())) {
            algorithm = "EC";
        } else {
            throw new TlsException("the key in " + from + " is neither RSA nor EC: TLS needs one of these here");
        }
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    private static PrivateKeyInfo rsa(RSAPrivateKey key) throws IOException {
        return new PrivateKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), key);
    }

    private static PrivateKeyInfo ec(ECPrivateKey key) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()), key);
    }

    static String text(X509Certificate certificate) {
        try {
            return text("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read or made", e);
        }
    }

    static String text(PrivateKey key) {
        return text("PRIVATE KEY", key.getEncoded());
    }

    private static String text(String label, byte[] der) {
        byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
        return BEGIN + label + DASHES + "\n"
                + Base64.getMimeEncoder(LINE, newline).encodeToString(der) + "\n"
                + END + label + DASHES + "\n";
    }
}
