package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.webhook.WebhookCalls.BODY;
import static dev.carillon.delivery.channel.webhook.WebhookCalls.NOW;
import static dev.carillon.delivery.channel.webhook.WebhookCalls.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.webhook.WebhookCalls.Received;
import dev.carillon.delivery.support.Outbounds;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who waits for whose connections at one host. */
class WebhookConnectionsTest {
    private static final int CONNECTIONS = 32;

    @RegisterExtension
    static final WebhookCalls calls = new WebhookCalls();

    private static List<Outbound> some(int number, String tenant, String url) {
        return IntStream.range(0, number)
                .mapToObj(i -> Outbounds.of(tenant, url(url), new Content.Json(BODY)))
                .toList();
    }

    private static ProviderAnswer answer(CompletableFuture<ProviderAnswer> call) {
        return call.orTimeout(8, TimeUnit.SECONDS).join();
    }

    private static ProviderAnswer first(List<CompletableFuture<ProviderAnswer>> begun) {
        return answer(begun.getFirst());
    }

    private static List<Outbound> within(Duration timeout, String tenant, String url) {
        return List.of(Outbounds.of(tenant, timeout, url(url), new Content.Json(BODY)));
    }

    private static long receivedAt(String path) {
        return calls.received.stream().filter(one -> one.uri().equals(path)).count();
    }

    @Test
    void a_path_that_hangs_takes_none_of_the_connections_of_another_tenant_s_path_on_its_host() {
        String host = "http://hooks.test:" + calls.serverHangingAt("/a");
        WebhookChannel channel = calls.channel(() -> NOW);
        calls.begin(channel, some(40, "acme", host + "/a"));
        await().atMost(Duration.ofSeconds(5)).until(() -> receivedAt("/a") == CONNECTIONS);

        List<CompletableFuture<ProviderAnswer>> neighbours = calls.begin(channel, some(20, "other", host + "/b"));

        assertThat(neighbours).extracting(call -> answer(call)).allMatch(Delivered.class::isInstance);
        assertThat(receivedAt("/a")).isEqualTo(CONNECTIONS);
    }

    @Test
    void a_path_has_no_more_connections_than_it_may_however_many_calls() {
        int port = calls.server(HttpServerResponse::end);

        List<CompletableFuture<ProviderAnswer>> begun =
                calls.begin(calls.channel(() -> NOW), some(300, "acme", "http://hooks.test:" + port));

        assertThat(begun).extracting(call -> answer(call)).allMatch(Delivered.class::isInstance);
        assertThat(calls.received.stream().map(Received::connection).distinct().count())
                .isBetween(1L, (long) CONNECTIONS);
    }

    @Test
    void who_waits_in_vain_behind_others_on_the_host_was_not_refused_by_it() {
        String host = "http://hooks.test:" + calls.serverHangingAt("/a");
        WebhookChannel channel = calls.channelWith(Map.of(
                "carillon.webhook.pool-size", "1",
                "carillon.webhook.host-pool-size", "1"));
        calls.begin(channel, some(1, "acme", host + "/a"));
        await().atMost(Duration.ofSeconds(5)).until(() -> receivedAt("/a") == 1);

        ProviderAnswer answer = first(calls.begin(channel, within(Duration.ofSeconds(1), "other", host + "/b")));

        assertThat(answer).isInstanceOfSatisfying(Transient.class, waited -> {
            assertThat(waited.reason()).isEqualTo(Reason.NO_TURN);
            assertThat(waited.possiblyDelivered()).isFalse();
        });
        assertThat(receivedAt("/b")).isZero();
    }

    @Test
    void one_tenant_s_paths_take_a_quarter_of_a_host_s_connections_at_most() {
        String host = "http://hooks.test:" + calls.serverHangingAt("/a");
        WebhookChannel channel = calls.channelWith(Map.of(
                "carillon.webhook.pool-size", "1",
                "carillon.webhook.host-pool-size", "4"));
        calls.begin(channel, some(1, "acme", host + "/a"));
        await().atMost(Duration.ofSeconds(5)).until(() -> receivedAt("/a") == 1);

        assertThat(first(calls.begin(channel, within(Duration.ofSeconds(1), "acme", host + "/b"))))
                .isInstanceOfSatisfying(
                        Transient.class, waited -> assertThat(waited.reason()).isEqualTo(Reason.NO_TURN));
        assertThat(first(calls.begin(channel, some(1, "other", host + "/b")))).isInstanceOf(Delivered.class);
    }

    @Test
    void who_waits_has_its_turn_when_the_one_before_it_has_given_up() {
        String host = "http://hooks.test:" + calls.serverHangingAt("/a");
        WebhookChannel channel = calls.channelWith(Map.of("carillon.webhook.pool-size", "1"));
        List<CompletableFuture<ProviderAnswer>> hanging =
                calls.begin(channel, within(Duration.ofSeconds(1), "acme", host + "/a"));
        List<CompletableFuture<ProviderAnswer>> behind = calls.begin(channel, some(1, "acme", host + "/a?b=c"));

        assertThat(first(hanging)).isInstanceOfSatisfying(Transient.class, hung -> assertThat(hung.reason())
                .isEqualTo(Reason.TIMEOUT));
        await().atMost(Duration.ofSeconds(5)).until(() -> receivedAt("/a?b=c") == 1);
        assertThat(behind.getFirst()).isNotDone();
    }
}
