package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.support.CountingTx;
import dev.carillon.scheduler.support.Surroundings;
import dev.carillon.scheduler.template.FoundTemplates.Wanted;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.store.TemplateStore;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class TemplatedMessageQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String EMAIL = "{\"channel\":\"email\",\"address\":\"ana@example.org\"}";
    private static final String TELEGRAM = "{\"channel\":\"telegram\",\"chatId\":\"42\"}";
    private static final String WEBHOOK = "{\"channel\":\"webhook\",\"url\":\"https://hooks.example.org/\"}";
    private static final String DATA = "{\"customer\":{\"name\":\"<Ana>\"},\"time\":9,\"unused\":[1]}";

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);

    @Inject
    TemplateStore templates;

    @Inject
    Transactions transactions;

    @BeforeEach
    void create() {
        api.post("/v1/templates", """
                        {"name":"visit","subject":"For {customer.name}","text":"At {time}, {customer.name}.",
                         "html":"<p>At {time}, {customer.name}.</p>"}""").expect(201);
    }

    private static String message(String to, String content, String schedule) {
        return "{\"to\":%s,\"content\":%s,\"schedule\":%s}".formatted(to, content, schedule);
    }

    private static String of(String template, String data) {
        return "{\"template\":\"%s\",\"data\":%s}".formatted(template, data);
    }

    private Answer post(String to, String content) {
        return api.post("/v1/messages", message(to, content, "{\"in\":\"P1D\"}"));
    }

    private void nextVersion(String text) {
        api.patch("/v1/templates/visit", "{\"text\":\"" + text + "\"}").expect(200);
    }

    @Test
    void an_email_is_made_of_a_template_when_it_is_created_and_stays_so() {
        var created = post(EMAIL, of("visit", DATA)).expect(201);
        assertThat(created.at("/content/subject")).isEqualTo("For <Ana>");
        assertThat(created.at("/content/text")).isEqualTo("At 9, <Ana>.");
        assertThat(created.at("/content/html")).isEqualTo("<p>At 9, &lt;Ana&gt;.</p>");
        assertThat(created.json().at("/template"))
                .hasToString("{\"name\":\"visit\",\"version\":1,\"data\":" + DATA + "}");
        nextVersion("Never mind.");
        var id = created.at("/id");
        assertThat(api.get("/v1/messages/" + id).expect(200).json()).isEqualTo(created.json());

        // What is handed over is what was answered, and no more.
        api.patch("/v1/messages/" + id, "{\"schedule\":{\"now\":true}}").expect(200);
        var staged = Outbox.about(id).getFirst().payload();
        assertThat(staged.at("/content")).isEqualTo(created.json().at("/content"));
        assertThat(staged.toString()).doesNotContain("unused");
    }

    @Test
    void the_latest_version_is_meant_where_none_is_named() {
        nextVersion("Two.");
        assertThat(post(EMAIL, of("visit", DATA)).expect(201).at("/content/text"))
                .isEqualTo("Two.");
        var first = post(EMAIL, of("visit@1", DATA)).expect(201);
        assertThat(first.at("/content/text")).isEqualTo("At 9, <Ana>.");
        assertThat(first.at("/template/version")).isEqualTo("1");
        post(EMAIL, of("visit@3", DATA)).expectProblem(422, "unknown-template");
    }

    @Test
    void a_telegram_message_has_the_text_and_needs_no_data_for_what_it_has_not() {
        var created = post(TELEGRAM, of("visit", DATA)).expect(201);
        assertThat(created.json().at("/content")).hasToString("{\"text\":\"At 9, <Ana>.\",\"attachments\":[]}");
    }

    @Test
    void telegram_is_sent_the_markdown_of_a_template_and_no_e_mail_is_made_of_it() {
        api.post("/v1/templates", """
                        {"name":"bold","text":"At {time}.","markdown":"*At* {time}\\\\."}""").expect(201);
        var time = "{\"time\":\"9.30\"}";
        var telegram = post(TELEGRAM, of("bold", time)).expect(201);
        assertThat(telegram.json().at("/content"))
                .hasToString("{\"markdown\":\"*At* 9\\\\.30\\\\.\",\"attachments\":[]}");
        var email = post(EMAIL, of("bold", time)).expect(201);
        assertThat(email.json().at("/content")).hasToString("{\"text\":\"At 9.30.\",\"attachments\":[]}");

        api.patch("/v1/templates/bold", "{\"text\":null}").expect(200);
        post(TELEGRAM, of("bold", time)).expect(201);
        var refused = post(EMAIL, of("bold", time)).expectProblem(422, "invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/content/template");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "email; {\"template\":\"visit\"}; /content/data/customer/name /content/data/time",
                "email; {\"template\":\"visit\",\"data\":{\"customer\":\"x\",\"time\":null}}; /content/data/customer/name /content/data/time",
                "email; {\"template\":\"visit\",\"data\":{\"customer\":{\"name\":{}},\"time\":[]}}; /content/data/customer/name /content/data/time",
                "email; {\"template\":\"visit\",\"data\":{\"customer\":{\"name\":\"a\\r\\nBcc: b@c.d\"},\"time\":1}}; /content/data/customer/name",
                "email; {\"template\":\"no name\"}; /content/template",
                "email; {\"template\":\"visit@0\"}; /content/template",
                "email; {\"template\":\"visit\",\"text\":\"t\",\"data\":{\"customer\":{\"name\":\"a\"},\"time\":1}}; /content",
                "email; {\"text\":\"t\",\"data\":{}}; /content/data",
                "telegram; {\"template\":\"visit\",\"from\":\"a@b.c\",\"data\":{\"customer\":{\"name\":\"a\"},\"time\":1}}; /content",
                "telegram; {\"template\":\"visit\",\"markdown\":\"m\",\"data\":{\"customer\":{\"name\":\"a\"},\"time\":1}}; /content",
                "webhook; {\"template\":\"visit\"}; /content/template"
            })
    void what_cannot_be_made_of_a_template_is_refused_with_everything_that_is_wrong(
            String channel, String content, String pointers) {
        var to = channel.equals("email") ? EMAIL : channel.equals("telegram") ? TELEGRAM : WEBHOOK;
        var refused = post(to, content).expectProblem(422, "invalid-request");
        assertThat(refused.json().at("/errors").findValuesAsText("pointer"))
                .as(refused.text())
                .containsExactly(pointers.split(" "));
    }

    @Test
    void nobody_uses_a_template_that_is_not_theirs_or_is_retired() {
        var body = message(EMAIL, of("visit", DATA), "{\"in\":\"P1D\"}");
        Api.of("other-" + UUID.randomUUID()).post("/v1/messages", body).expectProblem(422, "unknown-template");
        var keyed = api.with("Idempotency-Key", "k");
        var created = keyed.post("/v1/messages", body).expect(201);
        api.delete("/v1/templates/visit").expect(204);
        assertThat(post(EMAIL, of("visit", DATA))
                        .expectProblem(422, "unknown-template")
                        .at("/detail"))
                .contains("retired");
        assertThat(keyed.post("/v1/messages", body).expect(201).at("/id"))
                .as("the first answer to its key")
                .isEqualTo(created.at("/id"));
    }

    @Test
    void little_data_does_not_become_a_large_message() {
        api.post("/v1/templates", "{\"name\":\"bomb\",\"text\":\"" + "{x}".repeat(1000) + "\"}")
                .expect(201);
        var refused =
                post(EMAIL, of("bomb", "{\"x\":\"" + "y".repeat(1000) + "\"}")).expectProblem(413, "body-too-large");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/content/data");
    }

    @Test
    void a_change_of_data_or_template_makes_the_message_anew_and_a_change_of_words_makes_them_the_clients_own() {
        var id = post(EMAIL, of("visit", DATA)).expect(201).at("/id");
        var path = "/v1/messages/" + id;
        nextVersion("Two at {time}.");
        var later =
                api.patch(path, "{\"content\":{\"data\":{\"time\":\"10:30\"}}}").expect(200);
        assertThat(later.at("/content/text")).as("of the same version").isEqualTo("At 10:30, <Ana>.");
        assertThat(later.at("/template/data/time")).isEqualTo("10:30");
        assertThat(api.patch(path, "{\"metadata\":{\"a\":\"b\"}}").expect(200).at("/content/text"))
                .isEqualTo("At 10:30, <Ana>.");
        var latest = api.patch(path, "{\"content\":{\"template\":\"visit\"}}").expect(200);
        assertThat(latest.at("/content/text")).isEqualTo("Two at 10:30.");
        assertThat(latest.at("/template/version")).isEqualTo("2");
        api.patch(path, "{\"content\":{\"data\":{\"time\":null}}}").expectProblem(422, "invalid-request");

        var own = api.patch(path, "{\"content\":{\"text\":\"Mine.\"}}").expect(200);
        assertThat(own.at("/content/subject")).isEqualTo("For <Ana>");
        assertThat(own.at("/content/text")).isEqualTo("Mine.");
        assertThat(own.json().has("template")).isFalse();
        var back = api.patch(path, "{\"content\":" + of("visit@1", DATA) + "}").expect(200);
        assertThat(back.at("/content/text")).isEqualTo("At 9, <Ana>.");
        api.patch(path, "{\"content\":null}").expectProblem(422, "invalid-request");
    }

    @Test
    void a_batch_is_made_of_templates_item_by_item() {
        var good = message(EMAIL, of("visit", DATA), "{\"in\":\"P1D\"}");
        var bad = message(EMAIL, of("visit", "{}"), "{\"in\":\"P1D\"}");
        var unknown = message(EMAIL, of("nothing", "{}"), "{\"in\":\"P1D\"}");
        var items = IntStream.range(0, 997).mapToObj(n -> good).collect(Collectors.joining(","));
        var answer = api.post("/v1/messages/batch", "{\"items\":[%s,%s,%s,%s]}".formatted(bad, unknown, items, good))
                .expect(200);
        assertThat(answer.at("/results/0/problem/errors/1/pointer")).isEqualTo("/content/data/time");
        assertThat(answer.at("/results/1/problem/type")).endsWith("unknown-template");
        assertThat(answer.json().at("/results").findValuesAsText("text"))
                .hasSize(998)
                .containsOnly("At 9, <Ana>.");
    }

    @Test
    void a_template_that_a_thousand_name_is_read_once() {
        var wanted = Collections.nCopies(1000, new Wanted(tenant, new TemplateRef("visit", null)));
        var statements = new AtomicInteger();
        var found = transactions
                .inTransaction(tx -> templates.find(new CountingTx(tx, statements), wanted))
                .await()
                .atMost(PATIENCE);
        assertThat(found.found()).hasSize(1);
        assertThat(statements).hasValue(1);
    }

    @Test
    void a_batch_that_templates_make_too_large_is_refused_from_there_on() {
        api.post("/v1/templates", "{\"name\":\"long\",\"text\":\"" + "x".repeat(200_000) + "\"}")
                .expect(201);
        var item = message(EMAIL, of("long", "{}"), "{\"in\":\"P1D\"}");
        var items = String.join(",", Collections.nCopies(90, item));
        var answer =
                api.post("/v1/messages/batch", "{\"items\":[" + items + "]}").expect(200);
        assertThat(answer.at("/results/0/status")).isEqualTo("201");
        assertThat(answer.at("/results/89/status")).isEqualTo("413");
    }
}
