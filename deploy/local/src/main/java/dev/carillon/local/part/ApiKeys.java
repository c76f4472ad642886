package dev.carillon.local.part;

import dev.carillon.local.ServiceName;
import dev.carillon.local.StackFailure;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.state.Credentials;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Gets the local tenant's API key from the scheduler, once; and again when the scheduler does not know the kept one. The others learn of it by an event,
 * which the relay publishes: the stack is ready when they have.
 */
final class ApiKeys {

    private static final Map<ServiceName, String> ASKED = Map.of(
            ServiceName.SCHEDULER, "/v1/messages?limit=1",
            ServiceName.DELIVERY, "/v1/deliveries?limit=1",
            ServiceName.BOOKING, "/v1/resources?limit=1");
    private static final Duration LEARNT_WITHIN = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Stack stack;

    ApiKeys(Stack stack) {
        this.stack = stack;
    }

    void ensure(RunningProcess scheduler) {
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            if (!isKnown(client)) {
                stack.credentials().put(Credentials.API_KEY, issue(client));
            }
        } catch (IOException e) {
            throw new StackFailure(
                    scheduler.name() + " was asked for an API key and did not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while getting an API key", e);
        }
    }

    /** @param services that run, the relay among them; without a scheduler nobody gives a key */
    void awaitKnownTo(List<ServiceName> services) {
        if (!services.contains(ServiceName.SCHEDULER)) {
            return;
        }
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            long deadline = System.nanoTime() + LEARNT_WITHIN.toNanos();
            for (ServiceName service : services) {
                for (int instance = 1; ASKED.containsKey(service) && instance <= instances(); instance++) {
                    awaitKnown(client, service, instance, deadline);
                }
            }
        } catch (IOException e) {
            throw new StackFailure("a service did not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while the API key went round", e);
        }
    }

    private void awaitKnown(HttpClient client, ServiceName service, int instance, long deadline)
            throws IOException, InterruptedException {
        while (!isKnown(client, service, instance)) {
            if (System.nanoTime() - deadline > 0) {
                throw new StackFailure("%s does not know the API key after %d s"
                        .formatted(service.label(), LEARNT_WITHIN.toSeconds()));
            }
            Thread.sleep(POLL);
        }
    }

    private int instances() {
        return stack.options().instances();
    }

    private boolean isKnown(HttpClient client) throws IOException, InterruptedException {
        return stack.credentials().find(Credentials.API_KEY).isPresent() && isKnown(client, ServiceName.SCHEDULER, 1);
    }

    private boolean isKnown(HttpClient client, ServiceName service, int instance)
            throws IOException, InterruptedException {
        String kept = stack.credentials().find(Credentials.API_KEY).orElse("");
        HttpRequest question = request(service, instance, ASKED.getOrDefault(service, "/"))
                .header("X-API-Key", kept)
                .build();
        return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() != 401;
    }

    private String issue(HttpClient client) throws IOException, InterruptedException {
        var wanted = new JsonObject().put("name", "local").put("scopes", new JsonArray().add("*"));
        HttpRequest question = request(ServiceName.SCHEDULER, 1, "/v1/api-keys")
                .header("Authorization", "Bearer " + stack.credentials().get(Credentials.ADMIN_TOKEN))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(wanted.encode()))
                .build();
        HttpResponse<String> answer = client.send(question, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new StackFailure(
                    "The scheduler gave no API key: it answered " + answer.statusCode() + " " + answer.body());
        }
        return new JsonObject(answer.body()).getString("key");
    }

    private HttpRequest.Builder request(ServiceName service, int instance, String path) {
        int port = stack.ports().service(service, instance);
        return HttpRequest.newBuilder(URI.create("http://" + Stack.HOST + ":" + port + path))
                .timeout(Duration.ofSeconds(20));
    }
}
