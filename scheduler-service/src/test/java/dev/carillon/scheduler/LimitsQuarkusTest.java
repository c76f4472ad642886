package dev.carillon.scheduler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.limits.ConcurrencyLimit;
import dev.carillon.kit.limits.ConcurrencyLimit.Passage;
import dev.carillon.kit.limits.Priority;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class LimitsQuarkusTest {
    /** Has a rate of its own, of {@link Surroundings}: two at once for each user, three for all. */
    private static final String THRIFTY = "thrifty";

    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n";
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Pattern SHED_PROMISES =
            Pattern.compile("carillon_limits_shed_total\\{priority=\"promise\"} (\\S+)");

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);
    private final List<Passage> others = new ArrayList<>();

    @Inject
    ConcurrencyLimit concurrency;

    @Inject
    Transactions transactions;

    @AfterEach
    void let_the_others_end() {
        others.forEach(Passage::end);
    }

    @Test
    void who_asks_beyond_its_rate_is_told_when_to_come_again_and_a_tenants_users_share_its_rate() {
        var ana = Api.of(THRIFTY);
        ana.get("/v1/messages").expect(200);
        ana.get("/v1/messages").expect(200);
        var refused = ana.get("/v1/messages").expectProblem(429, "rate-limited");
        assertThat(refused.at("/limit")).isEqualTo("principal");
        assertThat(refused.header("RateLimit-Policy")).hasValue("\"principal\";q=2;w=200");
        var wait = refused.header("Retry-After").orElseThrow();
        assertThat(Integer.parseInt(wait)).isBetween(1, 100);
        assertThat(refused.header("RateLimit")).hasValue("\"principal\";r=0;t=" + wait);

        var bob = Api.as(of("bob"));
        bob.get("/v1/messages").expect(200);
        assertThat(bob.get("/v1/messages").expectProblem(429, "rate-limited").at("/limit"))
                .isEqualTo("tenant");

        Api.anonymous().get("/v1/messages").expectProblem(401, "unauthenticated");
        Api.anonymous().get("/q/health/live").expect(200);
        api.get("/v1/messages").expect(200);
        assertThat(Api.anonymous().get("/q/metrics").text())
                .containsPattern("carillon_limits_limited_total\\{limit=\"principal\"} [1-9]")
                .containsPattern("carillon_limits_limited_total\\{limit=\"tenant\"} [1-9]");
    }

    private static Token of(String user) {
        var token = Token.of(THRIFTY, "admin");
        return new Token(token.issuer(), user, THRIFTY, token.groups(), token.expiresAt());
    }

    @Test
    void streams_are_shed_before_reads_and_reads_before_what_is_kept_to_people() {
        var id = created(Bodies.farEmail());

        othersAreInFlight(0.65);
        var shed = api.get("/v1/messages/" + id + "/events").expectProblem(503, "overloaded");
        assertThat(shed.header("Retry-After")).hasValue("1");
        api.get("/v1/messages/" + id).expect(200);

        othersAreInFlight(0.9);
        api.get("/v1/messages/" + id).expectProblem(503, "overloaded");
        api.post("/v1/messages", Bodies.farEmail()).expect(201);
        api.post("/v1/messages/" + id + "/cancel").expect(200);

        othersAreInFlight(1);
        api.post("/v1/messages", Bodies.farEmail()).expectProblem(503, "overloaded");
        Api.anonymous().get("/q/health/live").expect(200);
        assertThat(Api.anonymous().get("/q/metrics").text())
                .containsPattern("carillon_limits_shed_total\\{priority=\"deferrable\"} [1-9]")
                .containsPattern("carillon_limits_shed_total\\{priority=\"read\"} [1-9]")
                .containsPattern("carillon_limits_shed_total\\{priority=\"promise\"} [1-9]");
    }

    @Test
    void what_a_full_queue_refuses_is_shed_too_and_counted_once_for_each_answer() throws Exception {
        double before = shedPromises();
        var batch = "{\"items\":[" + Bodies.farEmail() + "]}";
        var answers = new ArrayList<CompletableFuture<Answer>>();
        var unlock = new CompletableFuture<Void>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            messagesAreLocked(unlock).get(10, TimeUnit.SECONDS);
            // Two batches are being committed, twenty wait, and there is no place for three more.
            for (int n = 0; n < 25; n++) {
                answers.add(CompletableFuture.supplyAsync(() -> api.post("/v1/messages/batch", batch), clients));
            }
            try {
                await().until(() ->
                        answers.stream().filter(CompletableFuture::isDone).count() == 3);
            } finally {
                unlock.complete(null);
            }
        }
        var refused = answers.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() != 200)
                .toList();
        assertThat(refused).hasSize(3).allSatisfy(answer -> answer.expectProblem(503, "overloaded"));
        assertThat(shedPromises()).isEqualTo(before + 3);
    }

    /** Nobody else writes a message from when this is complete until {@code unlock} is. */
    private CompletableFuture<Void> messagesAreLocked(CompletableFuture<Void> unlock) {
        var locked = new CompletableFuture<Void>();
        transactions
                .inTransaction(tx -> tx.run("LOCK TABLE message IN SHARE MODE", Tuple.tuple())
                        .invoke(() -> locked.complete(null))
                        .chain(() -> Uni.createFrom().completionStage(unlock)))
                .subscribe()
                .with(done -> {}, failure -> locked.completeExceptionally(failure));
        return locked;
    }

    private static double shedPromises() {
        var line = SHED_PROMISES.matcher(Api.anonymous().get("/q/metrics").text());
        assertThat(line.find()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void when_nothing_is_let_in_who_creates_and_reads_is_refused_at_the_door_and_keeps_the_connection()
            throws IOException {
        var id = created(Bodies.farEmail());
        othersAreInFlight(1);
        // Before anybody asks who calls, or whether the body is JSON.
        Api.anonymous().get("/v1/messages").expectProblem(503, "overloaded");
        Api.anonymous().post("/v1/messages", "{").expectProblem(503, "overloaded");
        // What waits for delivery is counted by itself, and operators are let in.
        api.post("/v1/messages/" + id + "/cancel").expect(200);
        Api.anonymous().get("/q/health/live").expect(200);

        var body = "x".repeat(50_000);
        var request =
                "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n"
                        + body;
        try (var socket = sent(request + request)) {
            for (int n = 0; n < 2; n++) {
                var refusal = answer(socket.getInputStream());
                assertThat(refusal)
                        .startsWith("HTTP/1.1 503")
                        .containsIgnoringCase("retry-after: 1")
                        .contains("\"type\":\"urn:carillon:problem:overloaded\"", "\"instance\":\"/v1/messages\"");
                assertThatItNamesItsTrace(refusal);
            }
        }
    }

    private static void assertThatItNamesItsTrace(String answer) {
        assertThat(answer)
                .containsPattern("(?i)\r\nx-trace-id: [0-9a-f]{32}\r\n")
                .containsPattern("\"traceId\":\"[0-9a-f]{32}\"");
    }

    /** One answer with the length that it announces, and no more. */
    private static String answer(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        var length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
                .findFirst()
                .orElseThrow();
        return head + text(in.readNBytes(length));
    }

    @Test
    void a_stream_that_is_open_is_not_in_flight() throws IOException, InterruptedException {
        var id = created(Bodies.farEmail());
        var request = HttpRequest.newBuilder(Api.uri("/v1/messages/" + id + "/events"))
                .header("Authorization", "Bearer " + Token.of(tenant, "viewer").signed())
                .build();
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var stream = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.statusCode()).isEqualTo(200);
            await().until(() -> concurrency.inFlight() == 0);
            client.shutdownNow();
        }
    }

    @Test
    void who_goes_away_without_an_answer_is_not_in_flight_any_more() throws IOException {
        await().until(() -> concurrency.waiting() == 0);
        // Staged at once, and nobody answers that it is recalled.
        var id = created(Bodies.nearEmail());
        var request =
                "POST /v1/messages/%s/cancel HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(id, Token.of(tenant, "admin").signed());
        try (var socket = new Socket("localhost", Api.port())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            await().until(() -> concurrency.waiting() == 1);
        }
        await().until(() -> concurrency.waiting() == 0);
    }

    @Test
    void cancels_that_wait_for_delivery_take_no_room_from_anything_but_cancels() {
        var id = created(Bodies.farEmail());
        while (concurrency.waiting() < concurrency.limit()) {
            assertThat(isRoom(false)).isTrue();
        }
        api.post("/v1/messages/" + id + "/cancel").expectProblem(503, "overloaded");
        api.post("/v1/messages", Bodies.farEmail()).expect(201);
        api.get("/v1/messages/" + id).expect(200);
    }

    @Test
    void who_says_that_it_will_send_and_does_not_takes_no_room_and_is_given_up() throws IOException {
        await().until(() -> concurrency.inFlight() == 0);
        var head = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100000\r\nExpect: 100-continue\r\nAuthorization: Bearer "
                + Token.of(tenant, "admin").signed() + "\r\n\r\n";
        var silent = new ArrayList<Socket>();
        try {
            for (int n = 0; n < 50; n++) {
                silent.add(sent(head));
            }
            for (var one : silent) {
                // The head was read, and the body is waited for.
                var answer = text(one.getInputStream().readNBytes(CONTINUE.length()));
                assertThat(answer).isEqualTo(CONTINUE);
            }
            assertThat(concurrency.inFlight()).isZero();
            api.post("/v1/messages", Bodies.farEmail()).expect(201);

            var refusal = text(silent.getFirst().getInputStream().readAllBytes());
            assertThat(refusal).contains("HTTP/1.1 408", "\"type\":\"urn:carillon:problem:request-timeout\"");
            assertThatItNamesItsTrace(refusal);
        } finally {
            for (var one : silent) {
                one.close();
            }
        }
    }

    private static Socket sent(String head) throws IOException {
        var socket = new Socket("localhost", Api.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        return socket;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private String created(String body) {
        return api.post("/v1/messages", body).expect(201).at("/id");
    }

    private void othersAreInFlight(double share) {
        while (concurrency.inFlight() < concurrency.limit() * share) {
            assertThat(isRoom(true)).isTrue();
        }
    }

    private boolean isRoom(boolean telling) {
        var passage = concurrency.enter(Priority.PROMISE, telling);
        if (passage != null) {
            others.add(passage);
        }
        return passage != null;
    }
}
