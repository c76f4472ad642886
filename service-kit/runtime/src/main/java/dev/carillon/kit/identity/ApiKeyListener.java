package dev.carillon.kit.identity;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders;
import dev.carillon.kit.inbox.FailureText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the compacted topic of API keys from its beginning, in every instance, so that a key issued or revoked anywhere is known here at once.
 */
@ApplicationScoped
public class ApiKeyListener {
    private static final Logger LOG = Logger.getLogger(ApiKeyListener.class);
    static final String CHANNEL = "api-keys";
    private static final String REVOKED = "carillon.api-key.revoked.v1";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FOR_THE_LAST = Duration.ofSeconds(5);
    private static final Duration SHARED_FOR = Duration.ofMillis(100);
    private static final Set<String> TYPES = Set.of("carillon.api-key.issued.v1", REVOKED);

    private final ApiKeyDirectory directory;
    private final ObjectMapper json;
    private final KafkaClientService clients;
    /** By partition, the offset after the last record that was learned. */
    private final Map<Integer, Long> learned = new ConcurrentHashMap<>();

    private volatile boolean caughtUp;
    private volatile @Nullable Long atEndSinceNanos;
    private @Nullable Question latest;

    public ApiKeyListener(ApiKeyDirectory directory, ObjectMapper json, KafkaClientService clients) {
        this.directory = directory;
        this.json = json;
        this.clients = clients;
    }

    /** What is read of a key's state. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record KeyPayload(
            @Nullable UUID id,
            @Nullable String tenant,
            @Nullable String name,
            @Nullable String hash,
            @Nullable Set<String> scopes,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt) {}

    @Incoming(CHANNEL)
    void learn(ConsumerRecord<String, byte[]> source) {
        try {
            var event = EventHeaders.read(source);
            if (TYPES.contains(event.type())) {
                directory.learn(key(event), event.version());
            }
        } catch (EventHeaders.UnreadableEvent | IOException unreadable) {
            // Nothing to park: the topic is state, and the key's next version heals it.
            LOG.errorf(
                    "API key record %s-%d@%d is not readable: %s",
                    source.topic(), source.partition(), source.offset(), FailureText.of(unreadable));
        } finally {
            learned.put(source.partition(), source.offset() + 1);
        }
    }

    private ApiKey key(Event event) throws IOException {
        var read = json.readValue(event.payload(), KeyPayload.class);
        if (read == null
                || read.id == null
                || read.tenant == null
                || read.name == null
                || read.hash == null
                || read.scopes == null) {
            throw new EventHeaders.UnreadableEvent(
                    "The payload of " + event.type() + " lacks id, tenant, name, hash or scopes");
        }
        // That it is revoked is what the type says; when, is a detail that may be missing.
        var revokedAt = read.revokedAt == null && REVOKED.equals(event.type()) ? event.occurredAt() : read.revokedAt;
        return new ApiKey(read.id, read.tenant, read.name, read.hash, read.scopes, read.expiresAt, revokedAt);
    }

    /** Whether the topic has been read to its end once, so that every key issued before this instance started is known here. Never fails. */
    public Uni<Boolean> hasReadAll() {
        return caughtUp ? Uni.createFrom().item(true) : latestQuestion().answer;
    }

    private synchronized Question latestQuestion() {
        var question = latest;
        if (question == null || question.isOld()) {
            question = new Question();
            latest = question;
        }
        return question;
    }

    /** Asks on the thread that reads the topic: so once for all who want to know meanwhile, and a moment after. */
    private final class Question {
        private final long sinceNanos = System.nanoTime();
        private final Uni<Boolean> answer;
        private volatile boolean isAnswered;

        Question() {
            answer = readToTheEnd()
                    .ifNoItem()
                    .after(PATIENCE)
                    .fail()
                    .onFailure()
                    .recoverWithItem(false)
                    .invoke(this::remember)
                    .memoize()
                    .indefinitely();
        }

        private void remember(boolean all) {
            if (all) {
                caughtUp = true;
            }
            isAnswered = true;
        }

        boolean isOld() {
            return isAnswered && System.nanoTime() - sinceNanos > SHARED_FOR.toNanos();
        }
    }

    private Uni<Boolean> readToTheEnd() {
        KafkaConsumer<String, byte[]> consumer = clients.getConsumer(CHANNEL);
        return consumer == null ? Uni.createFrom().item(false) : consumer.runOnPollingThread(this::isReadAndLearned);
    }

    /**
     * What has been polled may still be on its way to {@link #learn}. Before the first record and behind the last there may be offsets without one: cleaned
     * away.
     */
    private boolean isReadAndLearned(Consumer<String, byte[]> consumer) {
        var assigned = consumer.assignment();
        // By the broker's answers to reads. A question would wait behind the read that is open.
        boolean read = !assigned.isEmpty()
                && assigned.stream().allMatch(one -> consumer.currentLag(one).orElse(1) <= 0);
        if (!read) {
            atEndSinceNanos = null;
            return false;
        }
        long now = System.nanoTime();
        long since = Objects.requireNonNullElse(atEndSinceNanos, now);
        atEndSinceNanos = since;
        return now - since > FOR_THE_LAST.toNanos()
                || assigned.stream()
                        .allMatch(one -> learned.getOrDefault(one.partition(), 0L) >= consumer.position(one));
    }
}
