package dev.carillon.kit.testing.quarkus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.testing.contract.EventContract;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * What the service under test has committed to its outbox, read as the relay would. Every event that is read is held against its documented schema.
 */
public final class Outbox {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Outbox() {}

    public record Row(
            String topic,
            String key,
            String type,
            long version,
            @Nullable String traceparent,
            JsonNode payload) {}

    /** The events about one aggregate, in order. */
    public static List<Row> about(String subject) {
        var config = ConfigProvider.getConfig();
        var url = "jdbc:postgresql://%s:%s/%s"
                .formatted(
                        config.getValue("carillon.database.host", String.class),
                        config.getValue("carillon.database.port", String.class),
                        config.getValue("carillon.database.name", String.class));
        try (var connection = DriverManager.getConnection(
                        url,
                        config.getValue("carillon.database.user", String.class),
                        config.getValue("carillon.database.password", String.class));
                var query = connection.prepareStatement("SELECT * FROM outbox_event WHERE subject = ? ORDER BY seq")) {
            query.setString(1, subject);
            var rows = new ArrayList<Row>();
            try (var found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(
                            found.getString("topic"),
                            found.getString("record_key"),
                            found.getString("type"),
                            found.getLong("version"),
                            found.getString("traceparent"),
                            EventContract.of(found.getString("type"))
                                    .check(JSON.readTree(new String(found.getBytes("payload"), UTF_8)))));
                }
            }
            return rows;
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static List<String> typesAbout(String subject) {
        return about(subject).stream().map(Row::type).toList();
    }
}
