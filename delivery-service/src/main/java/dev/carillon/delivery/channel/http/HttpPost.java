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
 * written to, and not when its {@link CallTime} to be written has gone by then.
 */
public final class HttpPost {

    /** What is read beyond the wanted part of a body so that the connection can be reused; past it, closing is cheaper. */
    private static final int DRAINED_BYTES = 64 * 1024;

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
    private final CallTime time;
    private final CompletableFuture<HttpOutcome> outcome = new CompletableFuture<>();

    private long timer;
    private @Nullable HttpClientRequest request;
    private HttpOutcome.@Nullable Answered answer;
    private long received;

    /**
     * @param targets the same resource at one or several checked addresses
     * @param headers adds the headers, at the moment when the request is about to be written
     * @param keptBytes how much of the answer's body is wanted
     * @param time the whole call's
     */
    public HttpPost(
            Vertx vertx,
            HttpClient client,
            List<RequestOptions> targets,
            Buffer body,
            Consumer<MultiMap> headers,
            int keptBytes,
            CallTime time) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no target to post to");
        }
        this.vertx = vertx;
        this.client = client;
        this.targets = targets.iterator();
        this.body = body;
        this.headers = headers;
        this.keptBytes = keptBytes;
        this.time = time;
    }

    /** Sends it; call once. Never completes exceptionally for what the network or the other side does. */
    public CompletionStage<HttpOutcome> send() {
        timer = vertx.setTimer(time.millisToWrite(), fired -> writeNoMore());
        dial();
        return outcome;
    }

    /** Gives a connection back, to be used by others, that nothing was written to. */
    public static void giveBack(HttpClientRequest unwritten) {
        // It is told that it was reset, and would log that as an error.
        unwritten.exceptionHandler(told -> {}).reset();
    }

    /** Closes a connection that nothing was written to. */
    public static void close(HttpClientRequest unwritten) {
        unwritten.exceptionHandler(told -> {}).connection().close();
    }

    private void dial() {
        RequestOptions target =
                new RequestOptions(targets.next()).setFollowRedirects(false).setConnectTimeout(time.millisLeft());
        client.request(target).onComplete(this::connected);
    }

    private void connected(AsyncResult<HttpClientRequest> connection) {
        if (connection.succeeded()) {
            if (outcome.isDone()) {
                giveBack(connection.result());
            } else if (!time.isWritable()) {
                finish(notWritten());
                giveBack(connection.result());
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

    private void writeNoMore() {
        if (outcome.isDone()) {
            return;
        }
        if (request == null) {
            finish(notWritten());
        } else {
            timer = vertx.setTimer(time.millisLeft(), fired -> expire());
        }
    }

    private static HttpOutcome notWritten() {
        return new HttpOutcome.Unanswered(new TimeoutException("no connection in time"), false);
    }

    private void expire() {
        HttpClientRequest written = request;
        if (outcome.isDone() || written == null) {
            return;
        }
        HttpOutcome.Answered answered = answer;
        finish(answered != null ? answered : new HttpOutcome.Unanswered(noAnswer(), true));
        written.reset();
    }

    private TimeoutException noAnswer() {
        return new TimeoutException("no answer within " + time.timeout().toMillis() / 1000.0 + " s");
    }

    private void finish(HttpOutcome end) {
        vertx.cancelTimer(timer);
        outcome.complete(end);
    }
}
