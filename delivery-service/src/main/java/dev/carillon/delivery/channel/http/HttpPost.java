package dev.carillon.delivery.channel.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One POST under one deadline. Runs on the Vert.x context that calls {@link #send}, and so inside that context's trace.
 *
 * <p>The targets are tried in order until one can be connected to; once a connection stands, it is the only one that is
 * written to. Nothing is written when nearly all of the time has gone by then: no answer could come, and the other side might act on it.
 */
public final class HttpPost {

    /** What is read beyond the wanted part of a body so that the connection can be reused; past it, closing is cheaper. */
    private static final int DRAINED_BYTES = 64 * 1024;

    /** As a part of the call's time. */
    private static final int LEAST_TIME_FOR_AN_ANSWER = 10;

    /**
     * A client for posts to others. What goes wrong on its connections is told by the calls' outcomes, and logged nowhere:
     * a stranger's reset is no error of ours.
     */
    public static HttpClient client(Vertx vertx, HttpClientOptions options, int connectionsPerPeer) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(connectionsPerPeer))
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final Iterator<RequestOptions> targets;
    private final Buffer body;
    private final Consumer<MultiMap> headers;
    private final int keptBytes;
    private final CompletableFuture<HttpOutcome> outcome = new CompletableFuture<>();

    private long deadlineNanos;
    private long writableNanos;
    private long timer;
    private @Nullable HttpClientRequest request;
    private HttpOutcome.@Nullable Answered answer;
    private long received;

    /**
     * @param targets the same resource at one or several checked addresses
     * @param headers adds the headers, at the moment when the request is about to be written
     * @param keptBytes how much of the answer's body is wanted
     */
    public HttpPost(
            Vertx vertx,
            HttpClient client,
            List<RequestOptions> targets,
            Buffer body,
            Consumer<MultiMap> headers,
            int keptBytes) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no target to post to");
        }
        this.vertx = vertx;
        this.client = client;
        this.targets = targets.iterator();
        this.body = body;
        this.headers = headers;
        this.keptBytes = keptBytes;
    }

    /**
     * Sends it; call once. Never completes exceptionally for what the network or the other side does.
     *
     * @param timeout the whole call's, counted from {@code startNanos}
     * @param startNanos {@link System#nanoTime()} when the call began
     */
    public CompletionStage<HttpOutcome> send(Duration timeout, long startNanos) {
        deadlineNanos = startNanos + timeout.toNanos();
        writableNanos = deadlineNanos - timeout.toNanos() / LEAST_TIME_FOR_AN_ANSWER;
        timer = vertx.setTimer(leftMillis(), fired -> expire(timeout));
        dial();
        return outcome;
    }

    private void dial() {
        RequestOptions target =
                new RequestOptions(targets.next()).setFollowRedirects(false).setConnectTimeout(leftMillis());
        client.request(target).onComplete(this::connected);
    }

    private void connected(AsyncResult<HttpClientRequest> connection) {
        if (connection.succeeded()) {
            if (outcome.isDone()) {
                connection.result().reset();
            } else if (System.nanoTime() - writableNanos > 0) {
                finish(new HttpOutcome.Unanswered(new TimeoutException("no connection in time"), false));
                connection.result().reset();
            } else {
                write(connection.result());
            }
        } else if (!outcome.isDone()) {
            if (targets.hasNext()) {
                dial();
            } else {
                finish(new HttpOutcome.Unanswered(connection.cause(), false));
            }
        }
    }

    private void write(HttpClientRequest ready) {
        request = ready;
        try {
            headers.accept(ready.headers());
            ready.send(body).onComplete(response -> {
                if (response.succeeded()) {
                    read(response.result());
                } else {
                    finish(new HttpOutcome.Unanswered(response.cause(), true));
                }
            });
        } catch (RuntimeException bug) {
            vertx.cancelTimer(timer);
            ready.reset();
            outcome.completeExceptionally(bug);
        }
    }

    private void read(HttpClientResponse response) {
        if (outcome.isDone()) {
            return;
        }
        Buffer kept = Buffer.buffer();
        HttpOutcome.Answered answered = new HttpOutcome.Answered(response.statusCode(), response.headers(), kept);
        answer = answered;
        response.exceptionHandler(brokenOff -> finish(answered));
        response.endHandler(end -> finish(answered));
        response.handler(chunk -> {
            received += chunk.length();
            kept.appendBuffer(chunk, 0, Math.min(chunk.length(), keptBytes - kept.length()));
            if (received > keptBytes + DRAINED_BYTES) {
                finish(answered);
                response.request().reset();
            }
        });
    }

    private void expire(Duration timeout) {
        if (outcome.isDone()) {
            return;
        }
        HttpClientRequest open = request;
        HttpOutcome.Answered answered = answer;
        finish(
                answered != null
                        ? answered
                        : new HttpOutcome.Unanswered(
                                new TimeoutException("no answer within " + seconds(timeout)), open != null));
        if (open != null) {
            open.reset();
        }
    }

    private long leftMillis() {
        return Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
    }

    private void finish(HttpOutcome end) {
        vertx.cancelTimer(timer);
        outcome.complete(end);
    }

    private static String seconds(Duration timeout) {
        return timeout.toMillis() / 1000.0 + " s";
    }
}
