package dev.carillon.backbone;

import dev.carillon.kit.testing.history.Parked;
import dev.carillon.kit.testing.history.Recorder;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Publishes parked events again, and leaves out those that are refused again. */
final class Operator {
    private static final int PARTITIONS = 6;
    private static final int OK = 200;
    private static final int CONFLICT = 409;

    private final List<RelayApi> relays;
    private final String bootstrapServers;
    private final Map<UUID, Long> leftOut = new HashMap<>();
    private int publishedAgain;

    Operator(List<RelayApi> relays, String bootstrapServers) {
        this.relays = relays;
        this.bootstrapServers = bootstrapServers;
    }

    /** Decides about the first of every key; whether there was nothing to decide about any more. */
    boolean decide() {
        for (RelayApi relay : relays) {
            Optional<List<JsonObject>> parked = relay.parked();
            if (parked.isPresent()) {
                parked.get().stream()
                        .filter(event -> event.getBoolean("firstOfKey"))
                        .forEach(event -> decide(relay, event));
                return parked.get().isEmpty();
            }
        }
        return false;
    }

    private void decide(RelayApi relay, JsonObject event) {
        int answer = relay.decide(event.getString("id"), "retry");
        if (answer == OK) {
            publishedAgain++;
        } else if (answer == CONFLICT) {
            leftOut.put(
                    UUID.fromString(event.getString("eventId")),
                    endOf(event.getString("topic"), event.getString("key")));
            relay.decide(event.getString("id"), "skip");
        }
    }

    /** Of the partition in which this key is. */
    private long endOf(String topic, String key) {
        int hash = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8)));
        var partition = new TopicPartition(topic, hash % PARTITIONS);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void tell(Recorder recorder) {
        leftOut.forEach((id, end) -> recorder.parked(Parked.leftOut(id, end)));
    }

    Set<UUID> leftOutEvents() {
        return leftOut.keySet();
    }

    int publishedAgain() {
        return publishedAgain;
    }
}
