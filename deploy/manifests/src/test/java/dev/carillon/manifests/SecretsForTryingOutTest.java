package dev.carillon.manifests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.manifests.Command.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts by which who tries Carillon out gets passwords, keys and a token: run, in folders of their own. */
class SecretsForTryingOutTest {
    private static final Path INFRASTRUCTURE = Repository.DEPLOY.resolve("infrastructure");
    private static final Path LOCAL = Repository.DEPLOY.resolve("kubernetes/overlays/local/kustomization.yaml");
    private static final Pattern PEM = Pattern.compile("-----[A-Z ]+-----|\\s");

    private final Path folder;

    SecretsForTryingOutTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void needsOpenssl() {
        var unused = LeftOut.without(
                "openssl", "LEFT OUT: openssl is not on this machine, so that no secret was made for trying out.");
    }

    @Test
    void make_secrets_makes_what_compose_and_the_local_cluster_are_given_and_keeps_it() throws IOException {
        makeSecrets(folder);

        String made = Files.readString(folder.resolve("secrets.env"));
        assertThat(made.lines()).allMatch(line -> line.matches("[A-Z_]+=\\S{16,}"));
        assertThat(made.lines().map(line -> line.substring(0, line.indexOf('='))))
                .contains("GRAFANA_PASSWORD")
                .containsAll(Pattern.compile("\\$([A-Z_]+)")
                        .matcher(Repository.read(Repository.DEPLOY.resolve("kubernetes/local-secrets")))
                        .results()
                        .map(one -> one.group(1))
                        .toList());
        for (String ofTheirOwner : List.of("secrets.env", "jwt-private.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(ofTheirOwner))))
                    .as(ofTheirOwner)
                    .isEqualTo("rw-------");
        }

        String key = Files.readString(folder.resolve("jwt-private.pem"));
        makeSecrets(folder);
        assertThat(folder.resolve("secrets.env")).hasContent(made);
        assertThat(folder.resolve("jwt-private.pem")).hasContent(key);
    }

    @Test
    void an_admins_token_is_verified_by_the_key_that_was_made_and_is_one_of_the_local_overlays_issuer()
            throws IOException, GeneralSecurityException {
        Path others = folder.resolve("others");
        makeSecrets(folder);
        makeSecrets(others);

        Ended ended = run("admin-token", folder);
        assertThat(ended.exit()).as(ended.errors()).isZero();
        List<String> parts = List.of(ended.output().strip().split("\\.", -1));
        assertThat(parts).hasSize(3);
        assertThat(verifies(parts, folder)).isTrue();
        assertThat(verifies(parts, others)).isFalse();

        JsonNode claims = json(parts.get(1));
        assertThat(json(parts.get(0)).path("alg").asText()).isEqualTo("RS256");
        assertThat(Repository.read(LOCAL))
                .contains("CARILLON_JWT_ISSUER=" + claims.path("iss").asText() + "\n")
                .contains("CARILLON_OPERATORS_TENANT=" + claims.path("tenant").asText() + "\n");
        assertThat(claims.path("groups").toString()).isEqualTo("[\"admin\"]");
        assertThat(Instant.ofEpochSecond(claims.path("exp").asLong()))
                .isBetween(
                        Instant.now().plus(Duration.ofHours(23)), Instant.now().plus(Duration.ofHours(25)));
    }

    /** By a program that says what it was told in place of kubectl. */
    @Test
    void local_secrets_gives_a_value_to_every_key_that_it_is_to_make() throws IOException {
        Path told = folder.resolve("told");
        Path kubectl = folder.resolve("bin/kubectl");
        Repository.write(
                kubectl,
                "#!/bin/sh\ncase $1 in create) echo \"$*\" >> '%s' ;; *) cat > /dev/null ;; esac\n".formatted(told));
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
        Path script = copied("kubernetes/local-secrets");
        var unused = copied("infrastructure/make-secrets");

        Ended ended = new Command(Path.of("/usr/bin/env"))
                .run("PATH=" + kubectl.getParent() + ":" + System.getenv("PATH"), script.toString());
        assertThat(ended.exit()).as(ended.errors()).isZero();
        List<String> commands = Files.readAllLines(told);
        assertThat(SecretKeys.madeLocally().keys())
                .hasSizeGreaterThanOrEqualTo(8)
                .allSatisfy((secret, keys) -> assertThat(commands)
                        .filteredOn(command -> command.startsWith("create secret generic " + secret + " "))
                        .singleElement()
                        .satisfies(command -> assertThat(keys).allMatch(key -> Pattern.compile(
                                        " --from-(?:literal|file)=" + Pattern.quote(key) + "=\\S")
                                .matcher(command)
                                .find())));
        assertThat(script.resolveSibling(".state/jwt-public.pem")).isRegularFile();
    }

    private Path copied(String file) throws IOException {
        Path copy = folder.resolve(file);
        Files.createDirectories(copy.getParent());
        return Files.copy(Repository.DEPLOY.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void makeSecrets(Path folder) {
        Ended ended = run("make-secrets", folder);
        assertThat(ended.exit()).as(ended.errors()).isZero();
    }

    private static Ended run(String script, Path folder) {
        return new Command(INFRASTRUCTURE.resolve(script)).run(folder.toString());
    }

    private static boolean verifies(List<String> token, Path made) throws IOException, GeneralSecurityException {
        String pem =
                PEM.matcher(Files.readString(made.resolve("jwt-public.pem"))).replaceAll("");
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem))));
        signature.update((token.get(0) + "." + token.get(1)).getBytes(US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(token.get(2)));
    }

    private static JsonNode json(String encoded) {
        return Manifests.yaml(new String(Base64.getUrlDecoder().decode(encoded), UTF_8));
    }
}
