package dev.carillon.benchmarks.relay;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.time.Duration;
import java.util.stream.Stream;

/** What was spent up to a moment: CPU of all three, and bytes of write-ahead log of the private server, which serves nothing else. */
record Cost(Duration postgres, Duration kafka, Duration here, long walBytes) {

    static Cost now(PostgresServer server, KafkaServer broker, Source source) {
        Duration postgres = ProcessHandle.of(server.pid()).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(Cost::cpu)
                .reduce(Duration.ZERO, Duration::plus);
        Duration kafka = ProcessHandle.of(broker.pid()).map(Cost::cpu).orElse(Duration.ZERO);
        return new Cost(
                postgres,
                kafka,
                cpu(ProcessHandle.current()),
                source.ask("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"));
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    Cost since(Cost before) {
        return new Cost(
                postgres.minus(before.postgres),
                kafka.minus(before.kafka),
                here.minus(before.here),
                walBytes - before.walBytes);
    }
}
