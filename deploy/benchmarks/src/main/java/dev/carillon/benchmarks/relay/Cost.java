package dev.carillon.benchmarks.relay;

import dev.carillon.benchmarks.report.Cpu;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.postgres.PostgresServer;

/** What was spent up to a moment: CPU time, and bytes of write-ahead log of the private server, which serves nothing else. */
record Cost(Cpu cpu, long walBytes) {

    static Cost now(PostgresServer server, KafkaServer broker, Source source) {
        return new Cost(Cpu.now(server, broker), source.ask("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"));
    }

    Cost since(Cost before) {
        return new Cost(cpu.since(before.cpu), walBytes - before.walBytes);
    }
}
