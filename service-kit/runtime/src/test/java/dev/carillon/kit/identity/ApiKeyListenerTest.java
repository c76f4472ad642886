package dev.carillon.kit.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.testing.contract.EventContract;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiKeyListenerTest {
    private static final String KEY = "ck_a-key-of-the-test";
    private static final String ISSUED = "carillon.api-key.issued.v1";
    private static final String REVOKED = "carillon.api-key.revoked.v1";

    private final ApiKeyDirectory directory = new ApiKeyDirectory();
    private final EventIds ids = new EventIds();
    private ApiKeyListener listener;

    @BeforeEach
    void start() {
        var json = new ObjectMapper().registerModule(new JavaTimeModule());
        new StrictJson().customize(json);
        listener = new ApiKeyListener(directory, json, noClients());
    }

    @Test
    void the_least_that_the_contract_lets_the_scheduler_say_is_understood() {
        says(ISSUED, 1, smallest(ISSUED));
        assertThat(directory.find(KEY)).hasValueSatisfying(key -> {
            assertThat(key.tenant()).isEqualTo("acme");
            assertThat(key.scopes()).containsExactly("messages:write");
        });
        says(REVOKED, 2, smallest(REVOKED));
        assertThat(directory.find(KEY)).isEmpty();
    }

    @Test
    void a_key_that_was_revoked_stays_so_when_its_issue_comes_late_or_again() {
        says(REVOKED, 2, smallest(REVOKED));
        says(ISSUED, 1, smallest(ISSUED));
        assertThat(directory.find(KEY)).isEmpty();
    }

    @Test
    void a_type_that_is_not_known_changes_nothing() {
        says(ISSUED, 1, smallest(ISSUED));
        says("carillon.api-key.admired.v1", 2, "{}");
        assertThat(directory.find(KEY)).isPresent();
    }

    @Test
    void what_cannot_be_read_is_passed_over() {
        says(ISSUED, 1, "null");
        says(ISSUED, 1, "{\"id\":");
        says(ISSUED, 1, "{\"hash\":null}");
        listener.learn(new ConsumerRecord<>("carillon.api-keys.v1", 0, 1, "key", null));
        says(ISSUED, 1, smallest(ISSUED));
        assertThat(directory.find(KEY)).isPresent();
    }

    private static String smallest(String type) {
        return EventContract.of(type).smallest(Map.of("/hash", ApiKeyDirectory.hash(KEY), "/tenant", "acme"));
    }

    private void says(String type, long version, String payload) {
        var source = new ConsumerRecord<>("carillon.api-keys.v1", 0, 0L, "key", payload.getBytes(UTF_8));
        Map.of(
                        "ce_id", ids.next().toString(),
                        "ce_type", type,
                        "ce_source", "/carillon/scheduler",
                        "ce_subject", "key",
                        "ce_tenant", "acme",
                        "ce_version", Long.toString(version),
                        "ce_time", "2026-01-01T00:00:00Z")
                .forEach((name, value) -> source.headers().add(name, value.getBytes(UTF_8)));
        listener.learn(source);
    }

    private static KafkaClientService noClients() {
        return (KafkaClientService) Proxy.newProxyInstance(
                KafkaClientService.class.getClassLoader(),
                new Class<?>[] {KafkaClientService.class},
                (proxy, method, arguments) -> null);
    }
}
