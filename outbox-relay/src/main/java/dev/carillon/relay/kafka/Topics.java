package dev.carillon.relay.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** Which topics are there, as last seen. Asking for the list creates none, while a producer's question may. */
public final class Topics implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    private final Admin admin;
    private volatile Set<String> seen = Set.of();
    private volatile @Nullable String failure = "Kafka has not been asked for its topics yet";
    private @Nullable CompletableFuture<Void> looking;

    /** @param kafka {@code bootstrap.servers} and whatever else the brokers want of a client */
    public Topics(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        this.admin = Admin.create(settings);
    }

    /** Looks again; who asks while that is under way gets the same answer. Completes when something is known, also that Kafka does not answer. */
    public synchronized CompletionStage<Void> refresh() {
        if (looking == null || looking.isDone()) {
            looking = admin.listTopics()
                    .names()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .handle((names, problem) -> {
                        if (names != null) {
                            seen = Set.copyOf(names);
                        }
                        failure = problem == null ? null : "Kafka does not answer: " + problem.getMessage();
                        return null;
                    });
        }
        return looking.copy();
    }

    /** Null when the topic was there, also if Kafka has not answered since: the producer waits for a broker by itself. */
    @Nullable String obstacle(String topic) {
        if (seen.contains(topic)) {
            return null;
        }
        @Nullable String unknown = failure;
        return unknown == null ? "topic " + topic + " is missing" : unknown;
    }

    /** Why Kafka could not be asked the last time; null when it answered. */
    public @Nullable String failure() {
        return failure;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
