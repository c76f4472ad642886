package dev.carillon.benchmarks.report;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.time.Duration;

/** CPU time that was spent up to a moment. */
public record Cpu(Duration postgres, Duration kafka, Duration here) {

    public static Cpu now(PostgresServer server, KafkaServer broker) {
        // The servers are this process's children, and not part of what it spends itself.
        Duration here = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return new Cpu(of(server.pid()), of(broker.pid()), here);
    }

    private static Duration of(long pid) {
        return ProcessHandle.of(pid).map(ProcessCpu::of).orElse(Duration.ZERO);
    }

    public Cpu since(Cpu before) {
        return new Cpu(postgres.minus(before.postgres), kafka.minus(before.kafka), here.minus(before.here));
    }
}
