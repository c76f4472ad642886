package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Posts what delivery sends, about, with the JDK's HTTP client over connections that are kept: the loop that one would write without a product.
 *
 * @param open how many requests are open at once, each on a thread of its own
 */
record ClientLoop(String url, int open) {

    /** Answers after how many seconds the last of so many had its answer. */
    double post(int count) {
        var next = new AtomicInteger();
        try (var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long begin = System.nanoTime();
            var loops = IntStream.range(0, open)
                    .mapToObj(i -> threads.submit(() -> loop(client, next, count)))
                    .toList();
            for (Future<?> loop : loops) {
                loop.get();
            }
            return (System.nanoTime() - begin) / 1e9;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The bare loop failed", e.getCause());
        }
    }

    private boolean loop(HttpClient client, AtomicInteger next, int count) throws IOException, InterruptedException {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(Posts.content(i)))
                    .build();
            int status = status(client, request);
            if (status != 200) {
                throw new IOException("The receiver answered " + status);
            }
        }
        return true;
    }

    private static int status(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException lost) {
            // Seldom (twice in some 300,000 requests) the client mistakes an answer for one to nothing ("Data received
            // while
            // in pool") and closes the connection. What it takes to post again is the loop's.
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
