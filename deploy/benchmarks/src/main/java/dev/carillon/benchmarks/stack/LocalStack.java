package dev.carillon.benchmarks.stack;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.local.OwnStack;
import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.Credentials;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The local stack as {@code make up} starts it, with fresh data, until it is closed. Only its traces go elsewhere: to a collector that takes
 * everything and keeps nothing.
 */
final class LocalStack implements AutoCloseable {
    private final OwnStack own;
    private final Vertx vertx;

    private LocalStack(OwnStack own, Vertx vertx) {
        this.own = own;
        this.vertx = vertx;
    }

    static LocalStack start() {
        return start(Map.of());
    }

    /** @param settings of its services, such as {@code CARILLON_BOOKING_BOOK_GROUP}, besides those that they have by default */
    static LocalStack start(Map<String, String> settings) {
        return start("stack", settings);
    }

    /** @param folder the name of its own, under the build's, so that two run beside each other */
    static LocalStack start(String folder, Map<String, String> settings) {
        var vertx = Vertx.vertx();
        HttpServer collector = vertx.createHttpServer()
                .requestHandler(
                        request -> request.endHandler(end -> request.response().end()))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        Path root = Path.of("").toAbsolutePath();
        var all = new HashMap<>(settings);
        all.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + collector.actualPort());
        var own = OwnStack.in(root, root.resolve("deploy/benchmarks/target").resolve(folder), Map.copyOf(all));
        System.err.println("starting the local stack …");
        own.startAfresh();
        return new LocalStack(own, vertx);
    }

    int schedulerPort() {
        return own.ports().service(ServiceName.SCHEDULER, 1);
    }

    int deliveryPort() {
        return own.ports().service(ServiceName.DELIVERY, 1);
    }

    int bookingPort() {
        return own.ports().service(ServiceName.BOOKING, 1);
    }

    /** The database of a service. */
    Database database(String service) {
        return own.database(service);
    }

    /** Where Kafka keeps its topics. */
    Path kafkaFolder() {
        return own.folder().file("kafka");
    }

    String apiKey() {
        return own.secret(Credentials.API_KEY);
    }

    /** Everything that it consists of. */
    List<RunningProcess> running() {
        return own.running();
    }

    /** What has been spent up to now. */
    StackCpu cpu() {
        return StackCpu.of(own.running());
    }

    String postgresVersion() {
        return ask("scheduler", "SHOW server_version");
    }

    /** One value of a service's database. */
    String ask(String service, String sql) {
        Database database = own.database(service);
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A transaction with an id and a snapshot in this service's database, until it is closed: nothing that dies meanwhile can be vacuumed away. */
    Connection holdTransaction(String service) {
        try {
            Connection connection = own.database(service).connect();
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (var statement = connection.createStatement()) {
                statement.execute("SELECT pg_current_xact_id()");
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("no transaction can be held open in " + service, e);
        }
    }

    /** Its logs stay until the next one is started. */
    @Override
    public void close() {
        own.run("down");
        vertx.close();
    }
}
