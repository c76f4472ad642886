package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(WithProviders.class)
class ProvidersTest {

    private final RunningProviders providers;

    ProvidersTest(RunningProviders providers) {
        this.providers = providers;
    }

    @Test
    void they_say_that_they_are_ready() throws Exception {
        assertThat(providers.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void what_arrived_can_be_narrowed_by_channel_and_time() throws Exception {
        providers.sendWebhook("/webhooks/1", "{}", RunningProviders.SECRET);
        providers.post(RunningProviders.TELEGRAM, "{\"chat_id\":42,\"text\":\"later\"}");
        String later = providers.only("telegram").getString("receivedAt");

        assertThat(providers.received("")).hasSize(2);
        JsonArray since =
                new JsonObject(providers.get("/received?since=" + later).body()).getJsonArray("items");
        assertThat(since).hasSize(1);
        assertThat(providers
                        .get("/received?since=" + later.replace("Z", "+00:00"))
                        .body())
                .contains("later")
                .doesNotContain("/webhooks/1");
        assertThat(providers.get("/received?since=tomorrow").statusCode()).isEqualTo(400);
        assertThat(providers.get("/received?channel=pigeon").statusCode()).isEqualTo(400);
        assertThat(providers.get("/received?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void spans_are_kept_as_otlp_json_and_found_by_their_trace() throws Exception {
        byte[] exported = traceRequest().toByteArray();

        HttpResponse<String> answer = providers.send(providers
                .request("/v1/traces")
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(exported)));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject trace = new JsonObject(
                providers.get("/traces/0af7651916cd43dd8448eb211c80319c").body());
        assertThat(trace.getJsonArray("spans").getJsonObject(0).getString("name"))
                .isEqualTo("deliver");
        assertThat(Files.readString(providers.folder().resolve("traces.jsonl")))
                .contains("\"0af7651916cd43dd8448eb211c80319c\"");
        assertThat(providers.get("/traces/xyz").statusCode()).isEqualTo(400);
        assertThat(providers.post("/v1/traces", "{}").statusCode()).isEqualTo(415);
        assertThat(providers
                        .send(providers
                                .request("/v1/traces")
                                .header("Content-Type", "application/x-protobuf")
                                .POST(HttpRequest.BodyPublishers.ofString("no protobuf")))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"GET,/nowhere,404", "GET,/webhooks/x,405", "PUT,/received,405", "POST,/,405", "DELETE,/v1/traces,405"})
    void bad_requests_are_refused(String method, String path, int status) throws Exception {
        var request = providers.request(path).method(method, HttpRequest.BodyPublishers.noBody());

        assertThat(providers.send(request).statusCode()).isEqualTo(status);
    }

    @Test
    void a_body_beyond_eight_mebibytes_is_refused() throws Exception {
        assertThat(providers
                        .post("/webhooks/x", "x".repeat(8 * 1024 * 1024 + 1))
                        .statusCode())
                .isEqualTo(413);
        assertThat(providers.received("")).isEmpty();
    }

    @Test
    void the_page_shows_the_inbox() throws Exception {
        assertThat(providers.get("/").body()).contains("Local inbox");
        assertThat(providers.get("/").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    }

    private static ExportTraceServiceRequest traceRequest() {
        var span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex("0af7651916cd43dd8448eb211c80319c")))
                .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex("b7ad6b7169203331")))
                .setName("deliver");
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                .build();
    }
}
