package dev.carillon.benchmarks.report;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.time.Duration;
import java.util.stream.Stream;

/** CPU time that was spent up to a moment. */
public record Cpu(Duration postgres, Duration kafka, Duration here) {

    public static Cpu now(PostgresServer server, KafkaServer broker) {
        Duration postgres = ProcessHandle.of(server.pid()).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(Cpu::of)
                .reduce(Duration.ZERO, Duration::plus);
        Duration kafka = ProcessHandle.of(broker.pid()).map(Cpu::of).orElse(Duration.ZERO);
        return new Cpu(postgres, kafka, of(ProcessHandle.current()));
    }

    private static Duration of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    public Cpu since(Cpu before) {
        return new Cpu(postgres.minus(before.postgres), kafka.minus(before.kafka), here.minus(before.here));
    }
}
