package dev.carillon.benchmarks.consumer;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every record here can be applied: who asks for a producer of dead letters has found a fault in the benchmark. */
final class NoDeadLetters implements KafkaClientService {
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <K, V> KafkaProducer<K, V> getProducer(String channel) {
        throw new IllegalStateException("a record of the benchmark could not be applied");
    }

    @Override
    public <K, V> @Nullable KafkaConsumer<K, V> getConsumer(String channel) {
        return null;
    }

    @Override
    public <K, V> List<KafkaConsumer<K, V>> getConsumers(String channel) {
        return List.of();
    }

    @Override
    public Set<String> getConsumerChannels() {
        return Set.of();
    }

    @Override
    public Set<String> getProducerChannels() {
        return Set.of();
    }
}
