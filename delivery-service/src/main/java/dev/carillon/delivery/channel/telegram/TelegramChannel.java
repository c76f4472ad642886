package dev.carillon.delivery.channel.telegram;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.http.CallTime;
import dev.carillon.delivery.channel.http.HttpOutcome;
import dev.carillon.delivery.channel.http.HttpPost;
import dev.carillon.delivery.channel.http.NetworkFailure;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends text through a Telegram bot: the tenant's own, or else the one that all share. */
public final class TelegramChannel implements Channel, AutoCloseable {

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

    // The answer repeats the text, up to 4096 characters, each of which may be written as an escape, and every
    // entity in it. Cut short it would not be JSON, and a message that is out would look as if it were not.
    private static final int ANSWER_BYTES = 256 * 1024;

    /** What is sent, and by which of its styles Telegram is to read it: by none as it stands. */
    private record Words(@Nullable String text, @Nullable String parseMode) {
        static Words of(Content.Message message) {
            if (message.markdown() != null) {
                return new Words(message.markdown(), "MarkdownV2");
            }
            return message.html() != null ? new Words(message.html(), "HTML") : new Words(message.text(), null);
        }
    }

    private final Vertx vertx;
    private final TelegramSettings settings;
    private final Bots bots;
    // By token: no bot waits for the connections of another one.
    private final Map<String, HttpClient> clients;

    /** @throws IllegalArgumentException if a bot or the base URL cannot be one; the message repeats neither token nor URL */
    public TelegramChannel(Vertx vertx, TelegramSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.bots = new Bots(settings);
        String scheme = settings.baseUrl().getScheme();
        if (settings.baseUrl().getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("carillon.telegram.base-url is not an http or https address");
        }
        this.clients = bots.tokens().stream()
                .collect(Collectors.toMap(
                        Function.identity(), token -> HttpPost.client(vertx, options(), settings.poolSize())));
    }

    // No tracing and no metrics name: both would record the path, and the token is in the path.
    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setConnectTimeout(5_000)
                .setKeepAliveTimeout(20)
                .setShared(false);
    }

    @Override
    public String name() {
        return Destination.TELEGRAM;
    }

    @Override
    public Duration timeout() {
        return settings.timeout();
    }

    @Override
    public int connections() {
        return settings.poolSize();
    }

    /** All calls go to the one Bot API. */
    @Override
    public Object receiver(Destination destination) {
        return name();
    }

    @Override
    public Set<String> tenantsApart() {
        return bots.tenants();
    }

    @Override
    public CompletionStage<ProviderAnswer> send(Outbound outbound) {
        if (!(outbound.destination() instanceof Destination.Telegram(String chatId))) {
            throw new IllegalArgumentException(
                    "not a chat: " + outbound.destination().channel());
        }
        String token = bots.tokenFor(outbound.tenant());
        if (token == null) {
            return answered(Transient.unanswered(
                    Reason.NOT_CONFIGURED,
                    "no bot to speak through: set carillon.telegram.token, or a bot of the tenant's own",
                    false));
        }
        if (!(outbound.content() instanceof Content.Message message)) {
            return answered(contentRefused("Telegram takes text, not JSON"));
        }
        if (!message.attachments().isEmpty()) {
            return answered(contentRefused("attachments do not go over Telegram"));
        }
        Words words = Words.of(message);
        if (words.text() == null || words.text().isBlank()) {
            return answered(contentRefused("there is no text to send"));
        }
        return post(token, request(chatId, words), CallTime.of(outbound));
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::close);
    }

    private CompletionStage<ProviderAnswer> post(String token, JsonObject request, CallTime time) {
        return new HttpPost(
                        vertx,
                        Objects.requireNonNull(clients.get(token)),
                        List.of(target(token)),
                        request.toBuffer(),
                        headers -> headers.set("content-type", "application/json"),
                        ANSWER_BYTES,
                        time)
                .send()
                .thenCompose(outcome -> judge(outcome, token));
    }

    private CompletionStage<ProviderAnswer> judge(HttpOutcome outcome, String token) {
        return switch (outcome) {
            case HttpOutcome.Answered answered ->
                answered(TelegramVerdict.of(answered.status(), shown(answered.body(), token)));
            case HttpOutcome.Unanswered(Throwable cause, boolean sent) ->
                NetworkFailure.answer(cause, peer(), sent)
                        .map(TelegramChannel::answered)
                        .orElseGet(() -> CompletableFuture.failedFuture(cause));
        };
    }

    private static JsonObject request(String chatId, Words words) {
        // A number that fits is sent as one; everything else is Telegram's to judge.
        Object chat = NUMBER.matcher(chatId).matches() ? (Object) Long.valueOf(chatId) : chatId;
        JsonObject request = new JsonObject().put("chat_id", chat).put("text", words.text());
        return words.parseMode() == null ? request : request.put("parse_mode", words.parseMode());
    }

    private RequestOptions target(String token) {
        URI base = settings.baseUrl();
        String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(base.getHost())
                .setPort(port(base))
                .setSsl("https".equals(base.getScheme()))
                .setURI(path + "/bot" + token + "/sendMessage");
    }

    private String peer() {
        return settings.baseUrl().getHost() + ":" + port(settings.baseUrl());
    }

    /** What the other side said; should it (a proxy, say) echo the address, the token is struck out. */
    private static String shown(Buffer body, String token) {
        return body.toString().replace(token, "…");
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? 443 : 80;
    }

    private static Permanent contentRefused(String why) {
        return Permanent.unasked(Reason.CONTENT_REFUSED, why);
    }

    private static CompletionStage<ProviderAnswer> answered(ProviderAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
