package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.RawServer.hang;
import static dev.carillon.delivery.channel.RawServer.readHead;
import static dev.carillon.delivery.channel.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Excerpt;
import dev.carillon.delivery.channel.Outbounds;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.RawServer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.SettingsOf;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookChannelTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String FORMER_SECRET = "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xk";
    private static final String BODY = "{\"visit\": \"1234\",  \"price\":\"5 €\"}";
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static Vertx vertx = Vertx.vertx();

    private final FakeHosts hosts = new FakeHosts().answering("hooks.test", "127.0.0.1");
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();

    record Received(String host, String uri, Map<String, List<String>> headers, String body, String connection) {}

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void closeVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void a_receiver_gets_the_body_as_it_was_given_with_a_signature_that_the_reference_library_accepts() {
        int port = server(response -> response.setStatusCode(202).end("thanks"));
        WebhookChannel channel = channel(InstantSource.system());

        ProviderAnswer answer = post(channel, "http://hooks.test:" + port + "/in?a=b%20c");

        assertThat(answer).isEqualTo(new Delivered(202, null, "thanks"));
        Received request = received.element();
        assertThat(request.body()).isEqualTo(BODY);
        assertThat(request.host()).isEqualTo("hooks.test:" + port);
        assertThat(request.uri()).isEqualTo("/in?a=b%20c");
        assertThat(request.headers())
                .containsEntry("webhook-id", List.of(Outbounds.MESSAGE.toString()))
                .containsEntry("content-type", List.of("application/json"))
                .hasEntrySatisfying(
                        "user-agent", agent -> assertThat(agent.getFirst()).startsWith("Carillon"));
        assertThat(channel.secretsOf("acme")).singleElement().satisfies(secret -> new Webhook(secret.reveal())
                .verify(request.body(), request.headers()));
    }

    @Test
    void no_other_tenant_s_secret_signs_nor_the_installation_s() {
        int port = server(HttpServerResponse::end);
        WebhookChannel channel = channel(InstantSource.system());
        post(channel, "http://hooks.test:" + port);
        Received request = received.element();

        String others = channel.secretsOf("other").getFirst().reveal();
        assertThat(others).isNotEqualTo(channel.secretsOf("acme").getFirst().reveal());
        for (String secret : List.of(SECRET, others)) {
            assertThatThrownBy(() -> new Webhook(secret).verify(request.body(), request.headers()))
                    .isInstanceOf(WebhookVerificationException.class);
        }
    }

    @Test
    void while_the_installation_s_secret_is_rotated_a_tenant_has_one_of_each_and_both_sign() {
        int port = server(HttpServerResponse::end);
        WebhookChannel channel = channel(SECRET + "," + FORMER_SECRET, InstantSource.system());
        post(channel, "http://hooks.test:" + port);
        Received request = received.element();

        assertThat(channel.secretsOf("acme"))
                .hasSize(2)
                .allSatisfy(secret -> new Webhook(secret.reveal()).verify(request.body(), request.headers()))
                .extracting(SigningSecret::reveal)
                .first()
                .isEqualTo(channel(InstantSource.system())
                        .secretsOf("acme")
                        .getFirst()
                        .reveal());
    }

    @Test
    void the_timestamp_is_the_attempt_s_own() {
        int port = server(HttpServerResponse::end);

        post(channel(() -> NOW), "http://hooks.test:" + port);

        assertThat(received.element().headers())
                .containsEntry("webhook-timestamp", List.of(Long.toString(NOW.getEpochSecond())));
        assertThat(received.element().uri()).isEqualTo("/");
    }

    @Test
    void calls_to_one_receiver_share_a_connection() {
        int port = server(response -> response.end("x".repeat(40_000)));
        WebhookChannel channel = channel(() -> NOW);

        post(channel, "http://hooks.test:" + port);
        post(channel, "http://hooks.test:" + port);

        assertThat(received)
                .hasSize(2)
                .extracting(Received::connection)
                .containsOnly(received.element().connection());
    }

    @Test
    void many_calls_at_once_all_arrive() {
        int port = server(HttpServerResponse::end);
        WebhookChannel channel = channel(() -> NOW);

        List<ProviderAnswer> answers = IntStream.range(0, 300)
                .mapToObj(i -> channel.send(Outbounds.to(url("http://hooks.test:" + port), new Content.Json(BODY))))
                .toList()
                .stream()
                .map(answer -> answer.toCompletableFuture().join())
                .toList();

        assertThat(answers).hasSize(300).allMatch(Delivered.class::isInstance);
        assertThat(received).hasSize(300);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void what_may_be_better_later_is_transient_and_says_when(int status) {
        int port = server(response ->
                response.setStatusCode(status).putHeader("Retry-After", "90").end("busy"));

        ProviderAnswer answer = post(channel(() -> NOW), "http://hooks.test:" + port);

        assertThat(answer).isInstanceOfSatisfying(Transient.class, later -> {
            assertThat(later.providerStatus()).isEqualTo(status);
            assertThat(later.retryAfter()).isEqualTo(Duration.ofSeconds(90));
            assertThat(later.responseExcerpt()).isEqualTo("busy");
            assertThat(later.reason()).isEqualTo(status == 429 ? Reason.RATE_LIMITED : Reason.PROVIDER_FAILED);
            assertThat(later.possiblyDelivered()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 409, 413, 422, 499})
    void what_would_be_refused_again_is_permanent(int status) {
        int port = server(response -> response.setStatusCode(status).end("no"));

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + port))
                .isEqualTo(new Permanent(status, Reason.REJECTED, "the receiver answered " + status, "no"));
    }

    @Test
    void a_receiver_that_is_gone_is_told_apart() {
        int port = server(response -> response.setStatusCode(410).end());

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + port))
                .isInstanceOfSatisfying(Permanent.class, gone -> {
                    assertThat(gone.reason()).isEqualTo(Reason.DESTINATION_GONE);
                    assertThat(gone.providerStatus()).isEqualTo(410);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_not_followed(int status) {
        int elsewhere = server(HttpServerResponse::end);
        int port = server(response -> response.setStatusCode(status)
                .putHeader("Location", "http://hooks.test:" + elsewhere + "/")
                .end());

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + port))
                .isInstanceOfSatisfying(Permanent.class, redirected -> {
                    assertThat(redirected.reason()).isEqualTo(Reason.REDIRECTED);
                    assertThat(redirected.error()).contains(Integer.toString(status), "not followed");
                });
        assertThat(received).hasSize(1);
    }

    @Test
    void a_refused_connection_was_certainly_not_delivered() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + closed))
                .isEqualTo(Transient.unanswered(
                        Reason.CONNECTION_REFUSED, "hooks.test:" + closed + " refused the connection", false));
    }

    @Test
    void a_reset_after_the_request_may_have_been_delivered() {
        RawServer server = raw(socket -> {
            readHead(socket);
            socket.setSoLinger(true, 0);
        });

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, lost -> {
                    assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST);
                    assertThat(lost.possiblyDelivered()).isTrue();
                });
    }

    @Test
    void a_receiver_that_hangs_costs_its_timeout_and_its_connection() {
        RawServer server = raw(socket -> hang(socket));
        Instant start = Instant.now();

        ProviderAnswer answer =
                within(Duration.ofMillis(1500), channel(() -> NOW), "http://hooks.test:" + server.port());

        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(1490), Duration.ofSeconds(20));
        assertThat(answer).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(late.error()).contains("no answer within 1.5 s");
            assertThat(late.possiblyDelivered()).isTrue();
        });
    }

    @Test
    void a_status_that_drips_in_too_slowly_is_a_timeout() {
        RawServer server = raw(socket -> {
            readHead(socket);
            for (String drop : "HTTP/1.1 200 OK\r\nX-Slow: ".split("")) {
                write(socket, drop);
                Thread.sleep(50);
            }
            while (true) {
                write(socket, "a");
                Thread.sleep(50);
            }
        });

        assertThat(within(Duration.ofMillis(500), channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(
                        Transient.class, late -> assertThat(late.reason()).isEqualTo(Reason.TIMEOUT));
    }

    @Test
    void a_body_that_drips_for_ever_ends_at_the_deadline_and_the_status_counts() {
        RawServer server = raw(socket -> {
            readHead(socket);
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(socket, "1\r\nz\r\n");
                Thread.sleep(20);
            }
        });

        assertThat(within(Duration.ofMillis(2000), channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Delivered.class, delivered -> assertThat(delivered.responseExcerpt())
                        .matches("z+"));
    }

    @Test
    void a_body_that_breaks_off_changes_nothing_about_the_status() {
        RawServer server = raw(socket -> {
            readHead(socket);
            write(socket, "HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nhalf");
        });

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, busy -> {
                    assertThat(busy.providerStatus()).isEqualTo(503);
                    assertThat(busy.responseExcerpt()).isEqualTo("half");
                });
    }

    @Test
    void of_an_endless_body_16_KiB_are_kept_and_the_connection_is_given_up() {
        RawServer server = raw(socket -> {
            readHead(socket);
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "y".repeat(4096) + "\r\n";
            while (true) {
                write(socket, chunk);
            }
        });
        WebhookChannel channel = channel(() -> NOW);

        for (int call = 1; call <= 2; call++) {
            assertThat(post(channel, "http://hooks.test:" + server.port()))
                    .isEqualTo(new Delivered(200, null, "y".repeat(Excerpt.BODY_BYTES)));
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void what_is_not_http_is_an_unreadable_answer() {
        RawServer server = raw(socket -> {
            readHead(socket);
            write(socket, "SSH-2.0-OpenSSH_9.6\r\n\r\n");
        });

        assertThat(post(channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, unreadable -> assertThat(unreadable.reason())
                        .isEqualTo(Reason.UNREADABLE_ANSWER));
    }

    @Test
    void tls_with_a_stranger_s_certificate_is_not_spoken() {
        RawServer server = raw(socket -> {
            write(socket, "not a handshake at all\r\n");
            hang(socket);
        });

        assertThat(post(channel(() -> NOW), "https://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, insecure -> {
                    assertThat(insecure.reason()).isEqualTo(Reason.TLS_FAILED);
                    assertThat(insecure.possiblyDelivered()).isFalse();
                });
    }

    @Test
    void an_unknown_name_is_transient_because_name_servers_recover() {
        assertThat(post(channel(() -> NOW), "http://nowhere.test/"))
                .isInstanceOfSatisfying(Transient.class, unknown -> {
                    assertThat(unknown.reason()).isEqualTo(Reason.HOST_NOT_FOUND);
                    assertThat(unknown.error()).contains("nowhere.test");
                });
    }

    @Test
    void name_servers_that_hang_cost_the_timeout() {
        AtomicInteger left = new AtomicInteger();
        Lookup hanging = new Lookup(new CompletableFuture<>(), () -> Duration.ZERO, left::incrementAndGet);
        WebhookChannel channel = resolving((tenant, host, patience) -> hanging);

        assertThat(within(Duration.ofMillis(200), channel, "http://hooks.test/"))
                .isInstanceOfSatisfying(Transient.class, late -> {
                    assertThat(late.reason()).isEqualTo(Reason.NOT_SENT);
                    assertThat(late.possiblyDelivered()).isFalse();
                });
        assertThat(left).as("nothing is held for a call that has ended").hasValue(1);
    }

    @Test
    void a_name_that_waited_for_others_to_be_looked_up_is_not_its_receiver_s_failure() {
        Lookup refused = Lookup.failed(new RejectedExecutionException("too many"));
        for (HostAddresses busy : List.<HostAddresses>of(
                (tenant, host, patience) -> neverAsked(() -> {}),
                (tenant, host, patience) -> refused,
                (tenant, host, patience) -> askedLate())) {
            assertThatItIsBusy(within(Duration.ofSeconds(1), resolving(busy), "http://hooks.test/"));
        }
    }

    @Test
    void a_name_waits_for_others_for_a_quarter_of_the_call_s_time_and_then_it_is_left() {
        AtomicInteger left = new AtomicInteger();
        AtomicReference<Duration> patient = new AtomicReference<>(Duration.ZERO);
        WebhookChannel channel = resolving((tenant, host, patience) -> {
            patient.set(patience);
            return neverAsked(left::incrementAndGet);
        });

        Instant start = Instant.now();

        assertThatItIsBusy(within(Duration.ofSeconds(8), channel, "http://hooks.test/"));

        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(1990), Duration.ofSeconds(7));
        assertThat(patient).hasValue(Duration.ofSeconds(2));
        assertThat(left).hasValue(1);
    }

    private static void assertThatItIsBusy(ProviderAnswer answer) {
        assertThat(answer).isInstanceOfSatisfying(Transient.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.RESOLVER_BUSY);
            assertThat(failed.possiblyDelivered()).isFalse();
        });
    }

    private static Lookup neverAsked(Runnable leave) {
        return new Lookup(new CompletableFuture<>(), sinceNow(), leave);
    }

    private static Supplier<Duration> sinceNow() {
        long start = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - start);
    }

    /** Answered as soon as it was asked, but that was late, and nobody noticed until then. */
    private static Lookup askedLate() {
        CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<List<InetAddress>>()
                .completeOnTimeout(List.of(InetAddress.getLoopbackAddress()), 700, TimeUnit.MILLISECONDS);
        return new Lookup(addresses, () -> addresses.isDone() ? Duration.ofMillis(690) : Duration.ZERO, () -> {});
    }

    @Test
    void addresses_that_are_remembered_are_checked_for_each_call() {
        AtomicInteger asked = new AtomicInteger();
        SystemHostAddresses remembering = new SystemHostAddresses(
                host -> {
                    asked.incrementAndGet();
                    return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})};
                },
                System::nanoTime);
        WebhookChannel channel = resolving(remembering);

        for (int call = 1; call <= 2; call++) {
            assertThat(post(channel, "http://inside.test/"))
                    .isInstanceOfSatisfying(Permanent.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Reason.DESTINATION_REFUSED));
        }
        assertThat(asked).hasValue(1);
    }

    private WebhookChannel resolving(HostAddresses resolver) {
        WebhookChannel channel = new WebhookChannel(vertx, settings(Map.of()), () -> NOW, resolver, null);
        open.add(channel);
        return channel;
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "169.254.169.254", "fd00::1", "64:ff9b::7f00:1", "::ffff:10.0.0.1"})
    void a_name_that_stands_for_a_refused_address_is_refused(String address) {
        hosts.answering("inside.test", address);

        assertThat(post(channel(() -> NOW), "http://inside.test/")).isInstanceOfSatisfying(Permanent.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.DESTINATION_REFUSED);
            assertThat(refused.error()).startsWith("destination-refused").contains("inside.test");
        });
    }

    @Test
    void a_literal_refused_address_is_refused_without_asking_anybody() {
        assertThat(post(channel(() -> NOW), "http://169.254.169.254/latest/meta-data/"))
                .isInstanceOfSatisfying(
                        Permanent.class, refused -> assertThat(refused.error()).contains("metadata service"));
        assertThat(hosts.questions()).isZero();
    }

    @Test
    void a_name_that_changes_its_address_between_check_and_dial_gains_nothing() {
        // The first answer passes the check. Were the name asked again for the dial, or the pooled connection reused
        // for
        // the name, the second would be reached or pass.
        int port = server(HttpServerResponse::end);
        hosts.answering("rebinding.test", "127.0.0.1").answering("rebinding.test", "10.0.0.1");
        WebhookChannel channel = channel(() -> NOW);

        assertThat(post(channel, "http://rebinding.test:" + port)).isInstanceOf(Delivered.class);
        assertThat(hosts.questions()).isEqualTo(1);
        assertThat(post(channel, "http://rebinding.test:" + port)).isInstanceOf(Permanent.class);
        assertThat(received).hasSize(1);
    }

    @Test
    void the_next_address_is_tried_when_one_cannot_be_connected_to() {
        int port = server(HttpServerResponse::end);
        hosts.answering("two.test", "10.0.0.1", "127.0.0.77", "127.0.0.1");

        assertThat(post(channel(() -> NOW), "http://two.test:" + port)).isInstanceOf(Delivered.class);
    }

    @Test
    void a_literal_ipv6_address_is_reached() {
        int port = server("::1", HttpServerResponse::end);

        assertThat(post(channel(() -> NOW), "http://[::1]:" + port + "/")).isInstanceOf(Delivered.class);
        assertThat(received.element().host()).isEqualTo("[::1]:" + port);
    }

    @Test
    void a_message_for_people_is_posted_with_the_names_of_the_http_interface() {
        int port = server(HttpServerResponse::end);
        Content message = new Content.Message(
                "Hi",
                "text",
                null,
                null,
                List.of(new Content.Attachment("a.txt", "text/plain", new byte[] {1})),
                null,
                null);

        channel(() -> NOW)
                .send(Outbounds.to(url("http://hooks.test:" + port), message))
                .toCompletableFuture()
                .join();

        assertThat(received.element().body())
                .isEqualTo("{\"subject\":\"Hi\",\"text\":\"text\","
                        + "\"attachments\":[{\"name\":\"a.txt\",\"contentType\":\"text/plain\",\"base64\":\"AQ==\"}]}");
    }

    @Test
    void another_channel_s_destination_is_a_bug() {
        assertThatThrownBy(() -> channel(() -> NOW)
                        .send(Outbounds.to(new Destination.Email("a@example.org"), new Content.Json("{}"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private ProviderAnswer post(WebhookChannel channel, String url) {
        return within(Duration.ofSeconds(10), channel, url);
    }

    private static ProviderAnswer within(Duration timeout, WebhookChannel channel, String url) {
        return channel.send(Outbounds.within(timeout, url(url), new Content.Json(BODY)))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static Destination url(String url) {
        return new Destination.WebhookUrl(URI.create(url));
    }

    private WebhookChannel channel(InstantSource clock) {
        return channel(SECRET, clock);
    }

    private WebhookChannel channel(String secrets, InstantSource clock) {
        WebhookSettings settings = settings(
                Map.of("carillon.webhook.allowed-cidrs", "127.0.0.0/8,::1/128", "carillon.webhook.secret", secrets));
        WebhookChannel channel = new WebhookChannel(vertx, settings, clock, hosts, null);
        open.add(channel);
        return channel;
    }

    private static WebhookSettings settings(Map<String, String> more) {
        Map<String, String> all = new java.util.HashMap<>(more);
        all.putIfAbsent("carillon.webhook.secret", SECRET);
        return SettingsOf.properties(WebhookSettings.class, all);
    }

    private RawServer raw(RawServer.Behaviour behaviour) {
        RawServer server = new RawServer(behaviour);
        open.add(server);
        return server;
    }

    private int server(Handler<HttpServerResponse> answer) {
        return server("127.0.0.1", answer);
    }

    private int server(String address, Handler<HttpServerResponse> answer) {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> receive(request, answer));
        open.add(() -> server.close().toCompletionStage().toCompletableFuture().join());
        return server.listen(0, address)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private void receive(HttpServerRequest request, Handler<HttpServerResponse> answer) {
        request.body().onSuccess(body -> {
            Map<String, List<String>> headers = new java.util.HashMap<>();
            request.headers()
                    .names()
                    .forEach(name -> headers.put(
                            name.toLowerCase(java.util.Locale.ROOT),
                            request.headers().getAll(name)));
            received.add(new Received(
                    String.valueOf(request.getHeader("Host")),
                    request.uri(),
                    headers,
                    body.toString(),
                    request.connection().remoteAddress().toString()));
            answer.handle(request.response());
        });
    }
}
