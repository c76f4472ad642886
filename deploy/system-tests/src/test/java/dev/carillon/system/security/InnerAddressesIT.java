package dev.carillon.system.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.InnerUrls;
import dev.carillon.local.ServiceName;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RefusalCount;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.ServiceLog;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Addresses that are not of the public internet are refused where somebody gives them, in every form; names for them are {@code NameFaults}. */
@ExtendWith(RunningStack.class)
class InnerAddressesIT {

    private static final List<String> URLS = InnerUrls.all().toList();
    private static final String BY_ITS_ADDRESS = "destination-refused";

    private final TestStack stack;
    private final Carillon carillon;

    InnerAddressesIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void the_scheduler_takes_no_message_for_one_and_counts_and_logs_that() throws IOException {
        var refusals = new RefusalCount(stack.scheduler());
        assertThatAllAreRefused(this::message, "/to/url", refusals);
        assertThatItIsLogged(this::message, ServiceName.SCHEDULER, "a message");
    }

    @Test
    void delivery_takes_no_endpoint_at_one_and_counts_and_logs_that() throws IOException {
        var refusals = new RefusalCount(stack.delivery());
        assertThatAllAreRefused(this::endpoint, "/url", refusals);
        assertThatItIsLogged(this::endpoint, ServiceName.DELIVERY, "an endpoint");
    }

    private Answer message(String url) {
        var message = new JsonObject()
                .put("to", new JsonObject().put("channel", "webhook").put("url", url))
                .put("content", new JsonObject().put("json", new JsonObject()))
                .put("schedule", new JsonObject().put("now", true));
        return carillon.scheduler("POST", "/v1/messages", message.encode());
    }

    private Answer endpoint(String url) {
        return stack.asAdmin(
                "POST",
                stack.delivery() + "/v1/endpoints",
                new JsonObject().put("url", url).encode());
    }

    private static void assertThatAllAreRefused(Function<String, Answer> give, String pointer, RefusalCount refusals)
            throws IOException {
        String documented = Files.readString(TestStack.root().resolve("docs/contracts/problems.md"));
        double before = refusals.all();
        int byTheirAddress = 0;
        for (String url : URLS) {
            Answer answer = give.apply(url);
            assertThat(answer.status()).as(url + answer.body()).isEqualTo(422);
            // Where Java finds no host in it, it is no URL with a host.
            assertThat(answer.slug()).as(url).isIn(BY_ITS_ADDRESS, "invalid-request");
            assertThat(documented).contains("| `" + answer.slug() + "` | 422 |");
            assertThat(answer.json().getJsonArray("errors").getJsonObject(0).getString("pointer"))
                    .as(url)
                    .isEqualTo(pointer);
            byTheirAddress += answer.slug().equals(BY_ITS_ADDRESS) ? 1 : 0;
        }
        assertThat(byTheirAddress).as("of " + URLS.size()).isGreaterThan(URLS.size() / 2);
        assertThat(refusals.all() - before).isEqualTo((double) byTheirAddress);
    }

    /** One a second at most is: somebody else's may have been. */
    private void assertThatItIsLogged(Function<String, Answer> give, ServiceName service, String what) {
        var log = new ServiceLog(stack.log(service));
        String said = "The destination of " + what + " of tenant " + stack.secret(Credentials.TENANT) + " is refused";
        Instant begin = Instant.now();
        await().untilAsserted(() -> {
            assertThat(give.apply(URLS.getFirst()).status()).isEqualTo(422);
            assertThat(log.linesWith(said))
                    .filteredOn(line -> line.getInstant("timestamp").isAfter(begin))
                    .isNotEmpty();
        });
        assertThat(log.linesWith(said)).allSatisfy(line -> assertThat(line.getString("message"))
                .as("without its URL")
                .matches(said + " \\(range: [a-z-]+\\); \\d+ more since the last one logged"));
    }
}
