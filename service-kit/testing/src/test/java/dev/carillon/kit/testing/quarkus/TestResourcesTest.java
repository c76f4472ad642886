package dev.carillon.kit.testing.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestResourcesTest {

    @Test
    void a_service_gets_a_database_of_its_own_each_time() throws SQLException {
        Database first = databaseOf("scheduler");
        Database second = databaseOf("scheduler");

        assertThat(first.name()).startsWith("scheduler_").isNotEqualTo(second.name());
        try (var connection = first.connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (id int)");
        }
    }

    @Test
    void the_broker_is_the_shared_one_with_its_topics() {
        var broker = new Broker();
        broker.init(Map.of("topics", "one.more"));

        assertThat(broker.start())
                .containsEntry("kafka.bootstrap.servers", KafkaServer.shared().bootstrapServers());
    }

    /** Quarkus loads test resources again with every application that it starts in one test run. */
    @Test
    void another_class_loader_sees_the_same_servers() throws Exception {
        try (var loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            assertThat(sharedPid(loader, PostgresServer.class))
                    .isEqualTo(PostgresServer.shared().pid());
            assertThat(sharedPid(loader, KafkaServer.class))
                    .isEqualTo(KafkaServer.shared().pid());
        }
    }

    private static Object sharedPid(ClassLoader loader, Class<?> type) throws ReflectiveOperationException {
        Class<?> copy = loader.loadClass(type.getName());
        assertThat(copy).isNotEqualTo(type);
        Object server = copy.getMethod("shared").invoke(null);
        return copy.getMethod("pid").invoke(server);
    }

    private static URL[] classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> url(Path.of(entry).toUri()))
                .toArray(URL[]::new);
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Database databaseOf(String service) {
        var resource = new ServiceDatabase();
        resource.init(Map.of("name", service));
        Map<String, String> given = resource.start();
        return new Database(
                given.getOrDefault("carillon.database.host", ""),
                Integer.parseInt(given.getOrDefault("carillon.database.port", "")),
                given.getOrDefault("carillon.database.name", ""),
                given.getOrDefault("carillon.database.user", ""),
                given.getOrDefault("carillon.database.password", ""));
    }
}
