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

/** Gets the local tenant's API key from the scheduler, once; and again when the scheduler does not know the kept one. */
final class ApiKeys {

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

    private boolean isKnown(HttpClient client) throws IOException, InterruptedException {
        String kept = stack.credentials().find(Credentials.API_KEY).orElse("");
        if (kept.isEmpty()) {
            return false;
        }
        HttpRequest question =
                request("/v1/messages?limit=1").header("X-API-Key", kept).build();
        return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() != 401;
    }

    private String issue(HttpClient client) throws IOException, InterruptedException {
        var wanted = new JsonObject().put("name", "local").put("scopes", new JsonArray().add("*"));
        HttpRequest question = request("/v1/api-keys")
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

    private HttpRequest.Builder request(String path) {
        int port = stack.ports().service(ServiceName.SCHEDULER, 1);
        return HttpRequest.newBuilder(URI.create("http://" + Stack.HOST + ":" + port + path))
                .timeout(Duration.ofSeconds(20));
    }
}
