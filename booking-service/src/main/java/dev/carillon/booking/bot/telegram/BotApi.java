package dev.carillon.booking.bot.telegram;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls methods of the Bot API: each within its timeout, and none of a bot's while most of them fail. Runs on the Vert.x context of who calls. */
@Singleton
public class BotApi {
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int LARGEST_ANSWER = 256 * 1024;
    private static final int BREAKER_CALLS = 10;
    private static final double BREAKER_FAILURES = 0.5;
    private static final long BREAKER_PAUSE_MILLIS = 2_000;

    private final TelegramSettings settings;
    private final Bots bots;
    private final HttpClient client;
    private final Map<Long, TypedGuard<Uni<ApiAnswer>>> guards = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if the base URL cannot be one */
    public BotApi(Vertx vertx, TelegramSettings settings, Bots bots) {
        this.settings = settings;
        this.bots = bots;
        var scheme = settings.baseUrl().getScheme();
        if (settings.baseUrl().getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("carillon.telegram.base-url is not an http or https address");
        }
        // No tracing and no metrics name: both would record the path, and the token is in the path.
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setConnectTimeout(
                                (int) Math.min(5_000, settings.timeout().toMillis()))
                        .setKeepAliveTimeout(20)
                        .setShared(false))
                .with(new PoolOptions().setHttp1MaxSize(settings.poolSize()))
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
    }

    /** That Telegram is away. */
    private static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int code;

        Away(int code, String why) {
            super(why, null, false, false);
            this.code = code;
        }
    }

    /**
     * Never fails.
     *
     * @param bot Telegram's id of it
     * @param body JSON
     */
    public Uni<ApiAnswer> call(long bot, String method, String body) {
        if (!bots.has(bot)) {
            return Uni.createFrom().item(new ApiAnswer.Refused(0, "the bot is not in the settings any more"));
        }
        var token = bots.token(bot);
        return guards.computeIfAbsent(bot, this::guard)
                .get(() -> post(token, method, body))
                .onFailure()
                .recoverWithItem(failure -> later(token, failure));
    }

    private TypedGuard<Uni<ApiAnswer>> guard(long bot) {
        return TypedGuard.create(new TypeLiteral<Uni<ApiAnswer>>() {})
                .withDescription("Telegram bot " + bot)
                .withThreadOffload(false)
                .withTimeout()
                .duration(settings.timeout().toMillis(), ChronoUnit.MILLIS)
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(BREAKER_CALLS)
                .failureRatio(BREAKER_FAILURES)
                .delay(BREAKER_PAUSE_MILLIS, ChronoUnit.MILLIS)
                .done()
                .build();
    }

    private Uni<ApiAnswer> post(String token, String method, String body) {
        return Uni.createFrom().completionStage(() -> client.request(target(token, method))
                .compose(request ->
                        request.putHeader("content-type", "application/json").send(Buffer.buffer(body)))
                .compose(response -> text(response).map(text -> judge(token, response.statusCode(), text)))
                .toCompletionStage());
    }

    private static Future<String> text(HttpClientResponse response) {
        var text = Promise.<String>promise();
        var read = Buffer.buffer();
        response.exceptionHandler(text::tryFail);
        response.endHandler(end -> text.tryComplete(read.toString()));
        response.handler(part -> {
            if (read.length() + part.length() > LARGEST_ANSWER) {
                text.tryFail(new Away(response.statusCode(), "Telegram's answer is too large"));
                response.request().reset();
            } else {
                read.appendBuffer(part);
            }
        });
        return text.future();
    }

    /** 401 and 404 say that the token is wrong: nothing is the matter with what was to be said, and the operator can correct it. */
    private static ApiAnswer judge(String token, int status, String body) {
        var answer = object(body);
        if (answer == null) {
            throw new Away(status, "Telegram answered " + status + " without readable JSON");
        }
        if (status == 200 && Boolean.TRUE.equals(answer.getValue("ok"))) {
            return new ApiAnswer.Done();
        }
        int code = answer.getValue("error_code") instanceof Number given ? given.intValue() : status;
        var description = answer.getValue("description") instanceof String said ? said : "no description";
        var shown = "Telegram answered %d: %s".formatted(code, description.replace(token, "…"));
        if (code == 429) {
            return new ApiAnswer.Later(code, shown, retryAfter(answer));
        }
        if (code == 401 || code == 404) {
            return new ApiAnswer.Later(code, shown, null);
        }
        if (code >= 400 && code < 500) {
            return new ApiAnswer.Refused(code, shown);
        }
        throw new Away(code, shown);
    }

    private static @Nullable Duration retryAfter(JsonObject answer) {
        if (answer.getValue("parameters") instanceof JsonObject parameters
                && parameters.getValue("retry_after") instanceof Number seconds) {
            return Duration.ofSeconds(Math.clamp(seconds.longValue(), 0, LONGEST_PAUSE.toSeconds()));
        }
        return null;
    }

    private static @Nullable JsonObject object(String body) {
        try {
            return Json.decodeValue(body) instanceof JsonObject object ? object : null;
        } catch (DecodeException noJson) {
            return null;
        }
    }

    private static ApiAnswer later(String token, Throwable failure) {
        return switch (failure) {
            case Away away -> new ApiAnswer.Later(away.code, String.valueOf(away.getMessage()), null);
            case CircuitBreakerOpenException open ->
                new ApiAnswer.Later(
                        0, "Most calls have failed; none is made now", Duration.ofMillis(BREAKER_PAUSE_MILLIS));
            case TimeoutException late -> new ApiAnswer.Later(0, "Telegram did not answer in time", null);
            default ->
                new ApiAnswer.Later(
                        0,
                        "Telegram cannot be reached: "
                                + String.valueOf(failure.getMessage()).replace(token, "…"),
                        null);
        };
    }

    private RequestOptions target(String token, String method) {
        URI base = settings.baseUrl();
        var path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
        boolean tls = "https".equals(base.getScheme());
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(base.getHost())
                .setPort(base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80)
                .setSsl(tls)
                .setTimeout(settings.timeout().toMillis())
                .setURI(path + "/bot" + token + "/" + method);
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
