package io.entrepot.server.tls;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** A PKCS#8 key that a password protects, as OpenSSL writes it: PBES2 with PBKDF2, of bounded cost. */
final class EncryptedKey {
    /** Above it a file could keep a processor busy for as long as its author likes. */
    private static final int MOST_ITERATIONS = 2_000_000;

    private static final int MOST_SALT_BYTES = 256;

    private static final Map<String, String> PRFS = Map.of(
            PKCSObjectIdentifiers.id_hmacWithSHA1.getId(), "PBKDF2WithHmacSHA1",
            PKCSObjectIdentifiers.id_hmacWithSHA256.getId(), "PBKDF2WithHmacSHA256",
            PKCSObjectIdentifiers.id_hmacWithSHA384.getId(), "PBKDF2WithHmacSHA384",
            PKCSObjectIdentifiers.id_hmacWithSHA512.getId(), "PBKDF2WithHmacSHA512");

    /** Bits of the key of each cipher. */
    private static final Map<String, Integer> CIPHERS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC.getId(), 128,
            NISTObjectIdentifiers.id_aes192_CBC.getId(), 192,
            NISTObjectIdentifiers.id_aes256_CBC.getId(), 256);

    private EncryptedKey() {}

    /** The PKCS#8 structure in it. */
    static PrivateKeyInfo decrypt(byte[] der, String password, String from) throws TlsException {
        EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
        if (!info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw unusual(from);
        }
        PBES2Parameters parameters =
                PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        if (!parameters.getKeyDerivationFunc().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
            throw unusual(from);
        }
        PBKDF2Params kdf =
                PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        String prf = PRFS.get(kdf.getPrf().getAlgorithm().getId());
        Integer bits =
                CIPHERS.get(parameters.getEncryptionScheme().getAlgorithm().getId());
        if (prf == null || bits == null) {
            throw unusual(from);
        }
        if (kdf.getIterationCount().bitLength() > 31
                || kdf.getIterationCount().intValue() > MOST_ITERATIONS
                || kdf.getSalt().length > MOST_SALT_BYTES) {
            throw new TlsException("the key in " + from + " is encrypted with more than " + MOST_ITERATIONS
                    + " iterations, which would take too long");
        }
        byte[] iv = ASN1OctetString.getInstance(parameters.getEncryptionScheme().getParameters())
                .getOctets();
        try {
            SecretKey derived = SecretKeyFactory.getInstance(prf)
                    .generateSecret(new PBEKeySpec(
                            password.toCharArray(),
                            kdf.getSalt(),
                            kdf.getIterationCount().intValue(),
                            bits));
            return PrivateKeyInfo.getInstance(
                    decrypt(derived.getEncoded(), new IvParameterSpec(iv), info.getEncryptedData()));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // What a wrong password leaves looks as if it were padded right in one case of 256, and is no key.
            throw new TlsException("the key in " + from + " cannot be decrypted: the password is wrong", e);
        }
    }

    private static byte[] decrypt(byte[] key, AlgorithmParameterSpec iv, byte[] data) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), iv);
        return cipher.doFinal(data);
    }

    private static TlsException unusual(String from) {
        return new TlsException("the key in " + from + " is encrypted in a way that is not read here:"
                + " convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW");
    }
}
