package dev.carillon.backbone;

import dev.carillon.kit.testing.network.BreakableProxy;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.local.Ports;
import dev.carillon.local.ServiceName;
import dev.carillon.local.state.AdminToken;
import dev.carillon.local.state.SigningKeys;
import dev.carillon.local.state.StateFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Three relays over the source's outbox and two consumers. */
final class Fleet {
    /** One that the relay knows. */
    static final String SOURCE = "scheduler";

    private static final int RELAYS = 3;
    private static final int CONSUMERS = 2;
    private static final String TENANT = "platform";
    private static final Path ROOT = Path.of(System.getProperty("carillon.root", "../.."))
            .toAbsolutePath()
            .normalize();

    private final Path folder;
    private final Ports ports;
    private final Servers servers;
    private final SigningKeys keys;
    private final List<BreakableProxy> proxies = new ArrayList<>();
    private final List<Slot> relays;
    private final List<Slot> consumers;

    Fleet(Path folder, Ports ports, Servers servers, Database source, Database consumer) {
        this.folder = folder;
        this.ports = ports;
        this.servers = servers;
        this.keys = SigningKeys.in(StateFolder.at(folder));
        this.relays = slots("relay", RELAYS, source, slot -> relay(slot, source));
        this.consumers = slots("consumer", CONSUMERS, consumer, slot -> consumer(slot, consumer));
    }

    private List<Slot> slots(String kind, int count, Database database, Function<Integer, Slot> made) {
        return IntStream.rangeClosed(1, count)
                .boxed()
                .map(number -> {
                    proxies.add(new BreakableProxy(database.host(), database.port()));
                    return made.apply(number);
                })
                .toList();
    }

    private Slot relay(int number, Database database) {
        BreakableProxy proxy = proxies.getLast();
        List<String> command = List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                ROOT.resolve("outbox-relay/target/quarkus-app/quarkus-run.jar").toString());
        String prefix = "CARILLON_RELAY_SOURCES_SCHEDULER_";
        var environment = Map.of(
                "QUARKUS_HTTP_PORT",
                Integer.toString(port(number)),
                "QUARKUS_HTTP_HOST",
                "127.0.0.1",
                "KAFKA_BOOTSTRAP_SERVERS",
                servers.brokenBootstrapServers(),
                prefix + "HOST",
                database.host(),
                prefix + "PORT",
                Integer.toString(proxy.port()),
                prefix + "DATABASE",
                database.name(),
                prefix + "USER",
                database.user(),
                prefix + "PASSWORD",
                database.password(),
                "CARILLON_JWT_PUBLIC_KEY_LOCATION",
                keys.publicKeyFile().toString(),
                "CARILLON_RELAY_OPERATORS_TENANT",
                TENANT);
        var more = new java.util.HashMap<>(environment);
        more.put("CARILLON_JWT_ISSUER", AdminToken.ISSUER);
        String name = "relay-" + number;
        return new Slot(name, proxy, () -> Child.start(command, more, folder, name));
    }

    private Slot consumer(int number, Database database) {
        BreakableProxy proxy = proxies.getLast();
        List<String> command = List.of(
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ConsumerProcess.class.getName(),
                servers.bootstrapServers(),
                database.host(),
                Integer.toString(proxy.port()),
                database.name(),
                database.user(),
                database.password());
        String name = "consumer-" + number;
        return new Slot(name, proxy, () -> Child.start(command, Map.of(), folder, name));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private int port(int relay) {
        return ports.service(ServiceName.OUTBOX_RELAY, relay);
    }

    List<Slot> relays() {
        return relays;
    }

    List<Slot> consumers() {
        return consumers;
    }

    /** Of every relay, running or not. */
    List<RelayApi> apis() {
        String token = AdminToken.keptOrNew("", TENANT, keys, Instant.now());
        return IntStream.rangeClosed(1, RELAYS)
                .mapToObj(number -> new RelayApi("http://127.0.0.1:" + port(number), token))
                .toList();
    }

    void start() {
        relays.forEach(Slot::start);
        consumers.forEach(Slot::start);
    }

    void end() {
        relays.forEach(Slot::end);
        consumers.forEach(Slot::end);
    }
}
