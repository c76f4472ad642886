package dev.carillon.local.part;

import dev.carillon.kit.testing.process.LogTail;
import dev.carillon.local.StackFailure;
import dev.carillon.local.process.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** Ready is who answers 200 at a path. */
final class HttpReadiness {

    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final long POLL_MILLIS = 25;
    private static final int LOG_LINES = 20;
    private static final int BODY_SHOWN = 2_000;

    private final URI uri;
    private final Path log;
    private String lastAnswer = "no answer";

    HttpReadiness(int port, String path, Path log) {
        this.uri = URI.create("http://" + Stack.HOST + ":" + port + path);
        this.log = log;
    }

    void await(RunningProcess process) {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            while (!isReady(client)) {
                if (!process.isAlive()) {
                    throw failure(process.name() + " ended while starting");
                }
                if (System.nanoTime() > deadline) {
                    throw failure(process.name() + " was not ready within " + WITHIN.toSeconds() + " s; " + uri
                            + " last said: " + lastAnswer);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while waiting for " + process.name(), e);
        }
        // Whoever answered must be ours, and not another that took the port in between.
        if (!process.isAlive()) {
            throw failure(process.name() + " ended while starting");
        }
    }

    private boolean isReady(HttpClient client) throws InterruptedException {
        try {
            var request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            String body = answer.body();
            lastAnswer = answer.statusCode() + " " + shortened(body.replaceAll("\\s+", " "));
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), BODY_SHOWN));
    }

    private StackFailure failure(String what) {
        return new StackFailure(what + ". Its log " + log + " ends:\n"
                + LogTail.of(log, LOG_LINES).indent(2));
    }
}
