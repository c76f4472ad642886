package dev.carillon.local.part;

import dev.carillon.kit.testing.kafka.KafkaPlace;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.KafkaServer.KafkaDidNotStart;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.local.StackFailure;
import dev.carillon.local.process.Launch;
import dev.carillon.local.process.RunningProcess;
import java.util.List;
import java.util.Map;

/** Kafka with every topic, before anyone consumes. */
final class KafkaPart implements Part {

    private final Stack stack;
    private final KafkaPlace place;

    KafkaPart(Stack stack) {
        this.stack = stack;
        this.place = new KafkaPlace(
                stack.folder().file("kafka"),
                stack.ports().kafka(),
                stack.ports().kafkaController());
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public List<Integer> ports() {
        return List.of(place.port(), place.controllerPort());
    }

    @Override
    public Launch prepare() {
        return new Launch(name(), place.command(), Map.of(), stack.folder().log(name()));
    }

    @Override
    public void awaitReady(RunningProcess process) {
        try {
            server(process).awaitReady(stack.folder().log(name()));
        } catch (KafkaDidNotStart e) {
            throw new StackFailure(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void complete(RunningProcess process) {
        server(process).createTopics(Topic.allOfCarillon());
    }

    private KafkaServer server(RunningProcess process) {
        return KafkaServer.attach(process.handle(), place.bootstrapServers());
    }
}
