package io.entrepot.server.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys on P-256 and signs certificates that OpenSSL, Go, Java and browsers accept. */
final class CertificateMaker {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Clients whose clock is a little slow. */
    private static final Duration EARLIER = Duration.ofHours(1);

    private static final Duration AUTHORITY = Duration.ofDays(3650);
    /** What browsers and Apple's systems take at most is 398 days. */
    private static final Duration SERVER = Duration.ofDays(397).minus(EARLIER);

    private static final int SERIAL_BITS = 127;
    private static final int LONGEST_COMMON_NAME = 64;

    private CertificateMaker() {}

    /** An authority that may sign servers and nothing that signs further ones; its name is its own. */
    static Identity authority(Instant now) throws GeneralSecurityException, CertIOException {
        KeyPair keys = keys();
        byte[] mark = new byte[4];
        RANDOM.nextBytes(mark);
        X500Principal name =
                new X500Principal("CN=Entrepot CA " + HexFormat.of().formatHex(mark) + ",O=Entrepot");
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name, serial(), date(now.minus(EARLIER)), date(now.plus(AUTHORITY)), name, keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        return new Identity(keys.getPrivate(), List.of(signed(builder, keys)));
    }

    /** A server's certificate, followed by its authority's. */
    static Identity server(Identity authority, List<String> names, Instant now)
            throws GeneralSecurityException, CertIOException {
        KeyPair keys = keys();
        Instant authorityEnds = authority.leaf().getNotAfter().toInstant();
        Instant end = now.plus(SERVER).isBefore(authorityEnds) ? now.plus(SERVER) : authorityEnds;
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                authority.leaf(), serial(), date(now.minus(EARLIER)), date(end), subject(names), keys.getPublic());
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(authority.leaf()));
        X509Certificate signed = signed(builder, new KeyPair(authority.leaf().getPublicKey(), authority.key()));
        return new Identity(keys.getPrivate(), List.of(signed, authority.leaf()));
    }

    private static X500Principal subject(List<String> names) {
        String common = names.stream()
                .filter(name -> name.length() <= LONGEST_COMMON_NAME)
                .filter(name -> !Names.isAddress(name) && !name.equals("localhost"))
                .findFirst()
                .orElse("entrepot");
        return new X500Principal("CN=" + common + ",O=Entrepot");
    }

    private static GeneralNames alternatives(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(Names.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, KeyPair signer)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the authority's key cannot sign", e);
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
    }

    private static Date date(Instant instant) {
        return Date.from(instant);
    }
}
