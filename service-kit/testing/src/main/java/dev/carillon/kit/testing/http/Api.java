package dev.carillon.kit.testing.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.testing.identity.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.ConfigProvider;

/** Talks to the service under test as one caller. */
public final class Api {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> headers;

    private Api(Map<String, String> headers) {
        this.headers = headers;
    }

    /** As an admin of {@code tenant}. */
    public static Api of(String tenant) {
        return as(Token.of(tenant, "admin"));
    }

    public static Api as(Token token) {
        return anonymous().with("Authorization", "Bearer " + token.signed());
    }

    public static Api anonymous() {
        return new Api(Map.of());
    }

    public Api with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Api(more);
    }

    /** What came back. */
    public record Answer(int status, Map<String, String> headers, JsonNode json, String text) {
        public Answer expect(int wanted) {
            assertThat(status).as(text).isEqualTo(wanted);
            return this;
        }

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        /** A member, by JSON pointer. */
        public String at(String pointer) {
            return json.at(pointer).asText();
        }

        /** That it is the problem of this status and slug, complete as documented. */
        public Answer expectProblem(int wanted, String slug) {
            expect(wanted);
            assertThat(header("Content-Type")).hasValue("application/problem+json");
            assertThat(at("/type")).as(text).isEqualTo("urn:carillon:problem:" + slug);
            assertThat(json.at("/status").asInt()).isEqualTo(wanted);
            assertThat(at("/title")).isNotBlank();
            assertThat(at("/instance")).startsWith("/");
            assertThat(at("/traceId")).matches("[0-9a-f]{32}");
            assertThat(header("X-Trace-Id")).hasValue(at("/traceId"));
            return this;
        }
    }

    public Answer get(String path) {
        return send(path, request -> request.GET());
    }

    public Answer post(String path, String body) {
        return with("Content-Type", "application/json")
                .send(path, request -> request.POST(BodyPublishers.ofString(body)));
    }

    public Answer post(String path) {
        return send(path, request -> request.POST(BodyPublishers.noBody()));
    }

    public Answer patch(String path, String body) {
        return with("Content-Type", "application/merge-patch+json")
                .send(path, request -> request.method("PATCH", BodyPublishers.ofString(body)));
    }

    public Answer delete(String path) {
        return send(path, HttpRequest.Builder::DELETE);
    }

    /** Any request; {@code how} sets its method and body. */
    public Answer send(String path, UnaryOperator<HttpRequest.Builder> how) {
        var request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        headers.forEach(request::setHeader);
        try {
            var response = CLIENT.send(how.apply(request).build(), HttpResponse.BodyHandlers.ofString());
            var received = new LinkedHashMap<String, String>();
            response.headers().map().forEach((name, values) -> received.put(name, values.getFirst()));
            return new Answer(response.statusCode(), received, tree(response.body()), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static URI uri(String path) {
        return URI.create("http://localhost:" + port() + path);
    }

    public static int port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    }

    private static JsonNode tree(String body) {
        try {
            return body.isEmpty() ? JSON.missingNode() : JSON.readTree(body);
        } catch (IOException noJson) {
            return JSON.missingNode();
        }
    }
}
