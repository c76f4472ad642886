package dev.carillon.local.state;

import dev.carillon.local.StackFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** The key pair that stands in for an OIDC issuer's, made on the first start; both halves as PEM files. */
public record SigningKeys(PrivateKey privateKey, PublicKey publicKey, Path publicKeyFile) {

    private static final String PRIVATE = "jwt-private.pem";
    private static final String PUBLIC = "jwt-public.pem";

    public static SigningKeys in(StateFolder folder) {
        try {
            if (!Files.exists(folder.file(PRIVATE)) || !Files.exists(folder.file(PUBLIC))) {
                make(folder);
            }
            var keys = KeyFactory.getInstance("RSA");
            return new SigningKeys(
                    keys.generatePrivate(new PKCS8EncodedKeySpec(decode(folder.lines(PRIVATE)))),
                    keys.generatePublic(new X509EncodedKeySpec(decode(folder.lines(PUBLIC)))),
                    folder.file(PUBLIC));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StackFailure(
                    folder.file(PRIVATE) + " or " + PUBLIC + " is damaged: delete both, and they are made anew.", e);
        }
    }

    private static void make(StateFolder folder) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        folder.write(PRIVATE, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        folder.write(PUBLIC, pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    private static List<String> pem(String what, byte[] encoded) {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8)).encodeToString(encoded);
        return List.of("-----BEGIN " + what + "-----", body, "-----END " + what + "-----");
    }

    private static byte[] decode(List<String> pem) {
        String body = String.join(
                "", pem.stream().filter(line -> !line.startsWith("-----")).toList());
        return Base64.getDecoder().decode(body);
    }
}
