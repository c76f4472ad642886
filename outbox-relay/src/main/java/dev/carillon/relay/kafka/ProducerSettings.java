package dev.carillon.relay.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** How the relay writes. */
public final class ProducerSettings {
    /**
     * No topic's {@code max.message.bytes} may be smaller: a batch that the broker finds too large is split down to this size, not below, and would
     * be sent and refused until it expires. A record above it travels alone.
     */
    private static final int BATCH_BYTES = 128 << 10;

    private static final Duration MAX_BLOCK = Duration.ofSeconds(1);

    private ProducerSettings() {}

    /**
     * @param kafka {@code bootstrap.servers} and whatever else the brokers want of a client
     * @param deliveryTimeout shorter than a lane's lease, so that nearly nothing is sent after the lease's end
     */
    public static Map<String, Object> of(Map<String, Object> kafka, Duration deliveryTimeout, Duration linger) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, linger.toMillis());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) deliveryTimeout.toMillis());
        settings.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) deliveryTimeout.minus(linger).toMillis() / 2);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 50);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 50);
        return settings;
    }
}
