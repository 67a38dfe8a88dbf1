package io.entrepot.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A private key and the chain of certificates that goes with it: the server's own first, then that of its issuer, and so on
 * as far as they were given.
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 256;

    Identity {
        chain = List.copyOf(chain);
    }

    /**
     * Puts them in order, however they were given; what does not belong to the chain is left out.
     *
     * @param from names the source in messages
     */
    static Identity of(PrivateKey key, List<X509Certificate> certificates, String from) throws TlsException {
        if (certificates.isEmpty()) {
            throw new TlsException(from + " holds no certificate");
        }
        checkStrength(key, from);
        for (X509Certificate certificate : certificates) {
            if (matches(key, certificate.getPublicKey())) {
                return new Identity(key, chain(certificate, certificates));
            }
        }
        throw new TlsException("the key does not match any certificate in " + from
                + ": give the key that the certificate was requested with");
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /** Who has to be known to clients, if his certificate is not in the chain. */
    Optional<String> missingIssuer() {
        X509Certificate last = chain.get(chain.size() - 1);
        return last.getIssuerX500Principal().equals(last.getSubjectX500Principal())
                ? Optional.empty()
                : Optional.of(last.getIssuerX500Principal().getName());
    }

    private static List<X509Certificate> chain(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        Set<X509Certificate> rest = new LinkedHashSet<>(certificates);
        rest.remove(leaf);
        Optional<X509Certificate> next = issuer(leaf, rest);
        while (next.isPresent()) {
            chain.add(next.get());
            rest.remove(next.get());
            next = issuer(next.get(), rest);
        }
        return chain;
    }

    private static Optional<X509Certificate> issuer(X509Certificate of, Set<X509Certificate> among) {
        return among.stream()
                .filter(c -> c.getSubjectX500Principal().equals(of.getIssuerX500Principal()) && signed(c, of))
                .findFirst();
    }

    private static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            // Another one of the same name.
            return false;
        }
    }

    private static void checkStrength(PrivateKey key, String from) throws TlsException {
        boolean strong = key instanceof RSAKey rsa && rsa.getModulus().bitLength() >= LEAST_RSA_BITS
                || key instanceof ECKey ec && ec.getParams().getOrder().bitLength() >= LEAST_EC_BITS;
        if (!strong) {
            throw new TlsException("the key of " + from + " (" + key.getAlgorithm()
                    + ") cannot be used: it must be RSA of 2048 bits or more, or EC on P-256, P-384 or P-521");
        }
    }

    private static boolean matches(PrivateKey key, PublicKey other) {
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        try {
            Signature signature = Signature.getInstance("SHA256with" + (key instanceof ECKey ? "ECDSA" : "RSA"));
            signature.initSign(key);
            signature.update(challenge);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(challenge);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Not even of the same kind.
            return false;
        }
    }

    @Override
    public String toString() {
        return "identity of " + leaf().getSubjectX500Principal();
    }
}
