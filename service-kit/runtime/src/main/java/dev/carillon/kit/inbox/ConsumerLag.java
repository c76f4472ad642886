package dev.carillon.kit.inbox;

import dev.carillon.kit.inbox.Lags.Where;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How many records each partition has that its group has not committed: {@code kafka_consumergroup_lag} with the tags {@code consumergroup},
 * {@code topic} and {@code partition}, as Kafka's usual exporter names it. Each instance tells of the partitions that it is assigned, so that a sum over
 * instances counts each once. The end is asked of the broker: what a paused consumer has last seen of it is out of date. A partition that is taken away, or of
 * which nothing could be learnt for half a minute, has no number here.
 */
@ApplicationScoped
public class ConsumerLag {
    private static final Logger LOG = Logger.getLogger(ConsumerLag.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    // Through a broker's restart: an alert that is due must not begin anew after each.
    private static final Duration GOOD_FOR = Duration.ofSeconds(30);

    private final KafkaClientService clients;
    private final Map<String, Object> kafka;
    private final CommittingChannels channels;
    private final Vertx vertx;
    private final MultiGauge gauge;
    private final Lags lags = new Lags(GOOD_FOR);
    private @Nullable Admin admin;

    public ConsumerLag(
            KafkaClientService clients,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            CommittingChannels channels,
            Vertx vertx,
            MeterRegistry meters) {
        this.clients = clients;
        this.kafka = kafka;
        this.channels = channels;
        this.vertx = vertx;
        this.gauge = MultiGauge.builder("kafka.consumergroup.lag")
                .description("Records that the group has not committed")
                .register(meters);
    }

    void start(@Observes StartupEvent started) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        var client = Admin.create(settings);
        admin = client;
        vertx.setPeriodic(EVERY.toMillis(), timer -> {
            show();
            channels.names().forEach(channel -> sample(client, channel));
        });
    }

    void stop(@Observes ShutdownEvent stopping) {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private void sample(Admin client, String channel) {
        var group = channels.setting(channel, "group.id");
        var consumer = clients.getConsumer(channel);
        long askedAt = System.nanoTime();
        if (group.isEmpty() || consumer == null) {
            lags.found(channel, askedAt, Map.of());
            return;
        }
        consumer.getAssignments()
                .chain(assigned -> Uni.createFrom().completionStage(() -> ask(client, group.get(), assigned)))
                .subscribe()
                .with(
                        found -> {
                            lags.found(channel, askedAt, found);
                            show();
                        },
                        failure -> LOG.debugf(failure, "The lag of %s is not known now", channel));
    }

    private static CompletableFuture<Map<Where, Long>> ask(Admin client, String group, Set<TopicPartition> assigned) {
        var committed = client.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage()
                .toCompletableFuture();
        var ends = offsets(client, assigned, OffsetSpec.latest());
        var starts = offsets(client, assigned, OffsetSpec.earliest());
        return CompletableFuture.allOf(committed, ends, starts).thenApply(all -> assigned.stream()
                .collect(Collectors.toMap(
                        one -> new Where(group, one),
                        one -> lag(
                                committed.join().get(one),
                                starts.join().get(one),
                                ends.join().get(one)))));
    }

    private static CompletableFuture<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Admin client, Set<TopicPartition> assigned, OffsetSpec spec) {
        return client.listOffsets(assigned.stream().collect(Collectors.toMap(Function.identity(), one -> spec)))
                .all()
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** A group that has committed nothing yet begins at the start. */
    private static long lag(
            @Nullable OffsetAndMetadata committed,
            @Nullable ListOffsetsResultInfo start,
            @Nullable ListOffsetsResultInfo end) {
        if (start == null || end == null) {
            return 0;
        }
        long from = committed == null ? start.offset() : Math.max(start.offset(), committed.offset());
        return Math.max(0, end.offset() - from);
    }

    private synchronized void show() {
        List<MultiGauge.Row<?>> rows = lags.known(System.nanoTime()).entrySet().stream()
                .<MultiGauge.Row<?>>map(one -> MultiGauge.Row.of(tags(one.getKey()), one.getValue()))
                .toList();
        gauge.register(rows, true);
    }

    private static Tags tags(Where where) {
        return Tags.of(
                "consumergroup",
                where.group(),
                "topic",
                where.partition().topic(),
                "partition",
                Integer.toString(where.partition().partition()));
    }
}
