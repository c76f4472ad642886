package dev.carillon.backbone;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/** One relay over HTTP, as its operator has it; it may be gone or frozen. */
record RelayApi(String url, String token) {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /** Whether it is ready, and what it says about that. */
    record Readiness(boolean ready, String said) {}

    Readiness readiness() {
        return send("GET", "/q/health/ready")
                .map(answer -> new Readiness(answer.statusCode() == 200, answer.body()))
                .orElse(new Readiness(false, "no answer"));
    }

    /** How many leases it has lost since its start. */
    double leasesLost() {
        return send("GET", "/q/metrics").stream()
                .flatMap(answer -> answer.body().lines())
                .filter(line -> line.startsWith("carillon_relay_lease_losses_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Empty when it does not answer. */
    Optional<List<JsonObject>> parked() {
        return send("GET", "/v1/outbox/" + Fleet.SOURCE + "/parked?limit=500")
                .filter(answer -> answer.statusCode() == 200)
                .map(answer -> new JsonObject(answer.body())
                        .getJsonArray("items").stream()
                                .map(JsonObject.class::cast)
                                .toList());
    }

    /** The status of its answer, 0 without one. */
    int decide(String parked, String decision) {
        return send("POST", "/v1/outbox/" + Fleet.SOURCE + "/parked/" + parked + "/" + decision)
                .map(HttpResponse::statusCode)
                .orElse(0);
    }

    private Optional<HttpResponse<String>> send(String method, String path) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return Optional.of(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException noAnswer) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
