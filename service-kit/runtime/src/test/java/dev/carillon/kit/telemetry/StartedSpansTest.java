package dev.carillon.kit.telemetry;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.telemetry.EndedSpans;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StartedSpansTest {
    private static final PersonalUrls PERSONAL =
            new PersonalUrls(List.of("who", "to"), List.of(Pattern.compile("^/persons/(?<who>.+?)(?:/read)?$")));

    private final EndedSpans ended = new EndedSpans();
    private final Tracer tracer = SdkTracerProvider.builder()
            .addSpanProcessor(new StartedSpans(List.of(PERSONAL)))
            .addSpanProcessor(ended)
            .build()
            .get("test");

    @Test
    void what_a_url_tells_of_persons_is_hidden_and_the_rest_of_it_stays() {
        assertThat(requested("/persons/ana@example.org/read", "limit=9&who=ana@example.org"))
                .isEqualTo("/persons/REDACTED/read limit=9&who=REDACTED");
        assertThat(requested("/persons/ana/of/two/parts", "to=7")).isEqualTo("/persons/REDACTED to=REDACTED");
        assertThat(requested("/things/1", "fortwho=x&limit=9")).isEqualTo("/things/1 fortwho=x&limit=9");
    }

    @Test
    void a_parameter_that_contains_what_looks_like_another_is_hidden_whole() {
        assertThat(requested("/things", "who=ana&b=c@example.org&limit=9")).isEqualTo("/things who=REDACTED");
    }

    @Test
    void who_calls_is_hidden() {
        var span = started(
                SpanKind.SERVER,
                Attributes.builder()
                        .put("client.address", "192.0.2.7")
                        .put("user_agent.original", "Ana's phone")
                        .put("server.address", "carillon.example.org")
                        .build());
        assertThat(span.asMap().values()).containsExactlyInAnyOrder("REDACTED", "REDACTED", "carillon.example.org");
    }

    @Test
    void of_a_url_that_is_called_scheme_host_and_port_are_left() {
        assertThat(called("https://hooks.example.org/services/T0/s3cret?key=s3cret"))
                .isEqualTo("https://hooks.example.org");
        assertThat(called("http://ana:s3cret@example.org:8090?key=a@b/c")).isEqualTo("http://example.org:8090");
        assertThat(called("https://[2001:db8::7]:8443/x#s3cret")).isEqualTo("https://[2001:db8::7]:8443");
        assertThat(called("https://example.org")).isEqualTo("https://example.org");
        assertThat(called("/no/url")).isEqualTo("REDACTED");
    }

    private String called(String url) {
        return String.valueOf(started(SpanKind.CLIENT, Attributes.of(stringKey("url.full"), url))
                .get(stringKey("url.full")));
    }

    @Test
    void a_statement_goes_to_a_database_of_postgresql_by_the_conventions_of_now_and_before() {
        var system = stringKey("db.system.name");
        var namespace = stringKey("db.namespace");
        var former = stringKey("db.system");
        assertThat(started(SpanKind.CLIENT, Attributes.of(system, "booking")).asMap())
                .isEqualTo(Map.of(system, "postgresql", namespace, "booking"));
        assertThat(started(SpanKind.CLIENT, Attributes.of(former, "booking")).asMap())
                .isEqualTo(Map.of(system, "postgresql", namespace, "booking", former, "postgresql"));
    }

    private String requested(String path, String query) {
        var span = started(SpanKind.SERVER, Attributes.of(stringKey("url.path"), path, stringKey("url.query"), query));
        return span.get(stringKey("url.path")) + " " + span.get(stringKey("url.query"));
    }

    private Attributes started(SpanKind kind, Attributes attributes) {
        tracer.spanBuilder("any")
                .setNoParent()
                .setSpanKind(kind)
                .setAllAttributes(attributes)
                .startSpan()
                .end();
        return ended.spans.getLast().getAttributes();
    }
}
