package dev.carillon.kit.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.log.LogLines;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
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
        listener = new ApiKeyListener(directory, json, giving(KafkaClientService.class, null));
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

    @Test
    void what_the_log_says_of_a_record_that_cannot_be_read_quotes_nothing_of_it() {
        var personal = "ana@example.org";
        try (var log = LogLines.of(ApiKeyListener.class)) {
            says(ISSUED, 1, "{\"id\":\"%s\"}".formatted(personal));
            says(ISSUED, 1, "{\"name\": %s}".formatted(personal));
            assertThat(log.said())
                    .satisfiesExactly(
                            said -> assertThat(said)
                                    .isEqualTo("API key record carillon.api-keys.v1-0@0 is not readable:"
                                            + " InvalidFormatException at /id"),
                            said -> assertThat(said).contains("JsonParseException at 1:"));
            assertThat(log.lines().toString()).doesNotContain("ana");
            assertThat(log.thrown()).isEmpty();
        }
    }

    @Test
    void those_who_ask_at_once_whether_the_topic_is_read_ask_its_thread_once() {
        var thread = new AskedThread();
        var waiting = listening(thread);
        var first = waiting.hasReadAll().subscribeAsCompletionStage();
        var second = waiting.hasReadAll().subscribeAsCompletionStage();
        assertThat(thread.questions).hasSize(1);
        // One that wants to know no more takes the answer from nobody.
        first.cancel(true);
        var third = waiting.hasReadAll().subscribeAsCompletionStage();
        thread.questions.getFirst().complete(true);

        assertThat(second).isCompletedWithValue(true);
        assertThat(third).isCompletedWithValue(true);
        assertThat(waiting.hasReadAll().subscribeAsCompletionStage()).isCompletedWithValue(true);
        assertThat(thread.questions).hasSize(1);
    }

    @Test
    void a_topic_that_was_not_read_is_asked_for_again() {
        var thread = new AskedThread();
        var waiting = listening(thread);
        var first = waiting.hasReadAll().subscribeAsCompletionStage();
        thread.questions.getFirst().complete(false);
        assertThat(first).isCompletedWithValue(false);

        await().until(() -> {
            waiting.hasReadAll().subscribe().with(all -> {});
            return thread.questions.size() == 2;
        });
        thread.questions.getLast().complete(true);
        assertThat(waiting.hasReadAll().subscribeAsCompletionStage()).isCompletedWithValue(true);
    }

    @Test
    void a_topic_without_a_record_is_read() {
        assertThat(hasReadAll(reading(0, 0))).isTrue();
    }

    @Test
    void a_topic_is_not_read_before_its_end() {
        assertThat(hasReadAll(reading(1, 2))).isFalse();
    }

    @Test
    void what_is_polled_and_not_learned_yet_is_not_read() {
        var reading = reading(1, 1);
        assertThat(hasReadAll(reading)).isFalse();
        reading.learn(new ConsumerRecord<>("carillon.api-keys.v1", 0, 0, "key", null));
        await().until(() -> hasReadAll(reading));
    }

    /** One that has polled what is before {@code position}. */
    private ApiKeyListener reading(long position, long end) {
        var partition = new TopicPartition("carillon.api-keys.v1", 0);
        var consumer = new MockConsumer<String, byte[]>("earliest");
        consumer.assign(List.of(partition));
        consumer.updateEndOffsets(Map.of(partition, end));
        consumer.seek(partition, position);
        var reading = Proxy.newProxyInstance(
                KafkaConsumer.class.getClassLoader(),
                new Class<?>[] {KafkaConsumer.class},
                (proxy, method, arguments) ->
                        Uni.createFrom().item(((Function<Consumer<?, ?>, ?>) arguments[0]).apply(consumer)));
        return new ApiKeyListener(directory, new ObjectMapper(), giving(KafkaClientService.class, reading));
    }

    private static boolean hasReadAll(ApiKeyListener listener) {
        return listener.hasReadAll().await().atMost(Duration.ofSeconds(10));
    }

    private ApiKeyListener listening(AskedThread thread) {
        return new ApiKeyListener(directory, new ObjectMapper(), giving(KafkaClientService.class, thread.consumer()));
    }

    /** Answers whether all was read when the test says so. */
    private static final class AskedThread {
        private final List<CompletableFuture<Boolean>> questions = new ArrayList<>();

        Object consumer() {
            return Proxy.newProxyInstance(
                    KafkaConsumer.class.getClassLoader(),
                    new Class<?>[] {KafkaConsumer.class},
                    (proxy, method, arguments) -> Uni.createFrom().completionStage(this::question));
        }

        private CompletableFuture<Boolean> question() {
            var asked = new CompletableFuture<Boolean>();
            questions.add(asked);
            return asked;
        }
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

    /** One whose every method gives the same. */
    private static <T> T giving(Class<T> type, @Nullable Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
    }
}
