package dev.carillon.local.part;

import dev.carillon.kit.testing.postgres.PostgresCluster;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.kit.testing.postgres.PostgresServer.PostgresDidNotStart;
import dev.carillon.local.ServiceName;
import dev.carillon.local.StackFailure;
import dev.carillon.local.process.Launch;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.Credentials;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** PostgreSQL with a database and a role for each service that has one, and the relay's role. */
final class PostgresPart implements Part {

    private final Stack stack;

    PostgresPart(Stack stack) {
        this.stack = stack;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public List<Integer> ports() {
        return List.of(stack.ports().postgres());
    }

    @Override
    public Launch prepare() {
        var cluster = PostgresCluster.in(stack.folder().file("postgres"));
        try {
            cluster.prepare(stack.credentials().get(Credentials.POSTGRES_PASSWORD));
        } catch (IllegalStateException e) {
            throw new StackFailure(String.valueOf(e.getMessage()), e);
        }
        return new Launch(
                name(),
                cluster.command(stack.ports().postgres()),
                Map.of(),
                stack.folder().log(name()));
    }

    @Override
    public void awaitReady(RunningProcess process) {
        try {
            server(process).awaitReady(stack.folder().log(name()));
        } catch (PostgresDidNotStart e) {
            throw new StackFailure(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void complete(RunningProcess process) {
        PostgresServer server = server(process);
        server.ensureRole(PostgresServer.RELAY, stack.credentials().get(Credentials.RELAY_PASSWORD));
        Arrays.stream(ServiceName.values())
                .filter(ServiceName::hasDatabase)
                .map(ServiceName::label)
                .forEach(name ->
                        server.ensureDatabase(name, name, stack.credentials().databasePassword(name)));
    }

    private PostgresServer server(RunningProcess process) {
        return PostgresServer.attach(
                process.handle(), stack.ports().postgres(), stack.credentials().get(Credentials.POSTGRES_PASSWORD));
    }
}
