package dev.carillon.kit.testing.messaging;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The clients that an inbox's dead letters want: every channel has a producer that sends by the given function, and does nothing else. */
public final class DeadLetterClients implements KafkaClientService {
    private final Function<ProducerRecord<String, byte[]>, Uni<Void>> sender;

    /** @param sender completes when the broker has the letter */
    public DeadLetterClients(Function<ProducerRecord<String, byte[]>, Uni<Void>> sender) {
        this.sender = sender;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <K, V> KafkaProducer<K, V> getProducer(String channel) {
        return (KafkaProducer<K, V>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KafkaProducer.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("send")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return sender.apply((ProducerRecord<String, byte[]>) arguments[0]);
                });
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
