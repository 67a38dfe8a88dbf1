package io.entrepot.auth.oidc;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Ed25519 signatures (RFC 8032) by the JDK. */
final class Ed25519 {
    private static final int KEY_BYTES = 32;
    /** What stands before the 32 bytes of a key in its X.509 form (RFC 8410). */
    private static final String X509_PREFIX = "302a300506032b6570032100";

    private Ed25519() {}

    static boolean verifies(byte[] key, byte[] signed, byte[] signature) throws GeneralSecurityException {
        if (key.length != KEY_BYTES) {
            return false;
        }
        byte[] x509 = HexFormat.of().parseHex(X509_PREFIX + HexFormat.of().formatHex(key));
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509)));
        check.update(signed);
        return check.verify(signature);
    }
}
