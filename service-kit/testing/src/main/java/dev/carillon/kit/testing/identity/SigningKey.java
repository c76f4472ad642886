package dev.carillon.kit.testing.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** An RSA key pair. */
public final class SigningKey {
    private static final Object ONE_PER_JVM = "carillon.testing.signing-key".intern();
    private static final String PRIVATE = "carillon.testing.signing-key.private";
    private static final String PUBLIC = "carillon.testing.signing-key.public";

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private SigningKey(PrivateKey privateKey, byte[] publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** The issuer's: the same for the whole JVM, whatever the class loader. */
    public static SigningKey shared() {
        synchronized (ONE_PER_JVM) {
            var known = System.getProperty(PRIVATE);
            if (known != null) {
                return new SigningKey(read(known), Base64.getDecoder().decode(System.getProperty(PUBLIC)));
            }
            var made = fresh();
            System.setProperty(PRIVATE, Base64.getEncoder().encodeToString(made.privateKey.getEncoded()));
            System.setProperty(PUBLIC, Base64.getEncoder().encodeToString(made.publicKey));
            return made;
        }
    }

    /** One that nobody trusts. */
    public static SigningKey fresh() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            return new SigningKey(pair.getPrivate(), pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(publicKey)
                + "\n-----END PUBLIC KEY-----\n";
    }

    byte[] sign(String text) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(text.getBytes(US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey read(String text) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
