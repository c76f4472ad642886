package dev.carillon.system.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.kit.testing.process.TemporaryFolder;
import dev.carillon.local.Ports;
import dev.carillon.local.ServiceName;
import dev.carillon.local.state.AdminToken;
import dev.carillon.local.state.SigningKeys;
import dev.carillon.local.state.StateFolder;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Nonsense;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packaged services on a Kafka that encrypts and knows its clients. Their variables are those that stand in {@code docs/operating/production.md}, and their
 * rights those that {@code deploy/kubernetes/overlays/production} grants.
 */
class KafkaTlsIT {

    private static final String TENANT = "platform";
    private static final String TOPIC = "carillon.message.staged.v1";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(200);
    /** No answer after so long is a no to the probes of deploy/kubernetes, and says nothing. */
    private static final Duration PROBE = Duration.ofSeconds(4);

    private static final Path FOLDER = emptied(Path.of("target", "kafka-tls").toAbsolutePath());
    private static final Ports PORTS = Ports.free();
    private static final EncryptedKafka KAFKA = new EncryptedKafka(FOLDER, PORTS);
    private static final Database SCHEDULER_DATABASE = PostgresServer.shared().createFreshDatabase("scheduler");
    private static final Database DELIVERY_DATABASE = PostgresServer.shared().createFreshDatabase("delivery");
    private static final SigningKeys KEYS = SigningKeys.in(StateFolder.at(FOLDER.resolve("state")));
    private static final String ADMIN = "Bearer " + AdminToken.keptOrNew("", TENANT, KEYS, Instant.now());

    private static Path emptied(Path folder) {
        TemporaryFolder.delete(folder);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        // The logs stay.
        KAFKA.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SASL_SSL", "SSL"})
    void events_and_dead_letters_go_round_with_the_documented_variables_and_rights(String protocol) {
        try (var scheduler = known(ServiceName.SCHEDULER, protocol);
                var delivery = known(ServiceName.DELIVERY, protocol);
                var relay = known(ServiceName.OUTBOX_RELAY, protocol)) {
            for (var service : List.of(scheduler, delivery, relay)) {
                assertThatItIsReady(service);
            }
            assertThatAnEventOfTheSchedulerReachesDelivery(scheduler, delivery);
            assertThatLagIsKnown(delivery);
            assertThatDeadLettersAreMadeReadAndPutBack(delivery, relay);
        }
    }

    private static void assertThatAnEventOfTheSchedulerReachesDelivery(
            ServiceProcess scheduler, ServiceProcess delivery) {
        var wanted = new JsonObject().put("name", "tls").put("scopes", new JsonArray().add("*"));
        String key =
                asAdmin(scheduler, "POST", "/v1/api-keys", wanted).jsonOf(201).getString("key");
        eventually(delivery, () -> assertThat(delivery.send("GET", "/v1/deliveries?limit=1", null, "X-API-Key", key)
                        .status())
                .isEqualTo(200));
    }

    private static void assertThatLagIsKnown(ServiceProcess delivery) {
        eventually(delivery, () -> assertThat(
                        delivery.send("GET", "/q/metrics", null).body().lines())
                .anyMatch(line -> line.startsWith("kafka_consumergroup_lag{")
                        && line.contains("consumergroup=\"delivery\"")
                        && line.contains("topic=\"" + TOPIC + "\"")));
    }

    /** What is put back is no better than before, and is a dead letter again. */
    private static void assertThatDeadLettersAreMadeReadAndPutBack(ServiceProcess delivery, ServiceProcess relay) {
        int before = deadLetters(relay);
        Nonsense.send(KAFKA.bootstrapServers(), TOPIC);
        eventually(delivery, () -> assertThat(deadLetters(relay)).isGreaterThan(before));
        int made = deadLetters(relay);

        var wanted = new JsonObject().put("topic", TOPIC).put("group", "delivery");
        asAdmin(relay, "POST", "/v1/event-dead-letters/redrive", wanted).jsonOf(202);

        eventually(relay, () -> assertThat(deadLetters(relay)).isGreaterThan(made));
    }

    private static int deadLetters(ServiceProcess relay) {
        return asAdmin(relay, "GET", "/v1/event-dead-letters?topic=" + TOPIC + "&group=delivery", null)
                .jsonOf(200)
                .getJsonArray("items")
                .size();
    }

    @Test
    void who_says_another_password_is_not_ready_and_says_why() {
        try (var delivery = start(ServiceName.DELIVERY, KAFKA.withAnotherPassword("delivery"));
                var relay = start(ServiceName.OUTBOX_RELAY, KAFKA.withAnotherPassword("outbox-relay"))) {
            List.of(delivery, relay).forEach(one -> assertThatItIsNotReady(one, "SaslAuthenticationException"));
        }
    }

    @Test
    void who_knows_another_ca_than_the_brokers_is_not_ready_and_says_why() {
        try (var delivery = start(ServiceName.DELIVERY, KAFKA.withAnotherCa("delivery"));
                var relay = start(ServiceName.OUTBOX_RELAY, KAFKA.withAnotherCa("outbox-relay"))) {
            List.of(delivery, relay).forEach(one -> assertThatItIsNotReady(one, "SslAuthenticationException"));
        }
    }

    private static void assertThatItIsReady(ServiceProcess service) {
        eventually(service, () -> {
            Answer answer = service.ready();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        });
    }

    private static void assertThatItIsNotReady(ServiceProcess service, String why) {
        eventually(service, () -> {
            Instant asked = Instant.now();
            Answer answer = service.ready();
            assertThat(Duration.between(asked, Instant.now())).isLessThan(PROBE);
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains(why);
        });
    }

    private static void eventually(ServiceProcess service, ThrowingRunnable holds) {
        ConditionFactory patiently =
                await().atMost(PATIENCE).pollInterval(POLL).ignoreException(UncheckedIOException.class);
        try {
            patiently.untilAsserted(holds);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(service.said(), e);
        }
    }

    private static Answer asAdmin(ServiceProcess service, String method, String path, @Nullable JsonObject body) {
        return service.send(
                method,
                path,
                body == null ? null : body.encode(),
                "Authorization",
                ADMIN,
                "Content-Type",
                "application/json");
    }

    private static ServiceProcess known(ServiceName service, String protocol) {
        return start(service, KAFKA.variables(protocol, service.label()));
    }

    private static ServiceProcess start(ServiceName service, Map<String, String> kafka) {
        var settings = new HashMap<>(kafka);
        settings.put("CARILLON_JWT_PUBLIC_KEY_LOCATION", KEYS.publicKeyFile().toString());
        settings.put("CARILLON_JWT_ISSUER", AdminToken.ISSUER);
        settings.put("CARILLON_OPERATORS_TENANT", TENANT);
        settings.putAll(
                switch (service) {
                    case SCHEDULER -> database("CARILLON_DATABASE_", "NAME", SCHEDULER_DATABASE);
                    case DELIVERY -> database("CARILLON_DATABASE_", "NAME", DELIVERY_DATABASE);
                    case OUTBOX_RELAY ->
                        database(
                                "CARILLON_RELAY_SOURCES_SCHEDULER_",
                                "DATABASE",
                                PostgresServer.shared().asRelay(SCHEDULER_DATABASE));
                    case BOOKING -> throw new IllegalArgumentException("booking has no database here");
                });
        return new ServiceProcess(service, PORTS.service(service, 1), settings, FOLDER);
    }

    private static Map<String, String> database(String prefix, String name, Database database) {
        return Map.of(
                prefix + "HOST",
                database.host(),
                prefix + "PORT",
                Integer.toString(database.port()),
                prefix + name,
                database.name(),
                prefix + "USER",
                database.user(),
                prefix + "PASSWORD",
                database.password());
    }
}
