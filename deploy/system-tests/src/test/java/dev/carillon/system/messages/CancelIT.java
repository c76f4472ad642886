package dev.carillon.system.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Together;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nothing is attempted after a cancel that was answered. That nothing comes is seen by what comes later: a message to the same receiver
 * with a later instant.
 */
@ExtendWith(RunningStack.class)
class CancelIT {

    private final Carillon carillon;

    CancelIT(TestStack stack) {
        this.carillon = new Carillon(stack);
    }

    @Together
    void a_message_cancelled_while_scheduled_is_never_attempted_and_delivery_never_hears_of_it() {
        // Just beyond the 20 seconds before the instant at which a message is staged.
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT28S");
        assertThat(carillon.message(message).getString("status")).isEqualTo("scheduled");

        assertThatItIsCancelled(message, 0);

        awaitLaterThan("PT28S", message);
        assertThat(carillon.calls(message)).isEmpty();
        assertThat(carillon.deliveries(message)).isEmpty();
        assertThat(carillon.message(message).getString("status")).isEqualTo("cancelled");
    }

    @Together
    void a_message_cancelled_while_staged_is_never_attempted() {
        Accepted message = carillon.schedule(Way.EMAIL, "PT8S");
        assertThat(carillon.message(message).getString("status")).isEqualTo("staged");

        assertThatItIsCancelled(message, 0);

        awaitLaterThan("PT9S", message);
        assertThat(carillon.calls(message)).isEmpty();
        assertThat(carillon.deliveries(message))
                .allMatch(delivery -> delivery.getString("status").equals("recalled"))
                .allMatch(delivery -> delivery.getJsonArray("attempts").isEmpty());
    }

    @Together.Alone
    void a_message_cancelled_while_it_waits_for_a_retry_is_not_attempted_again_and_the_answer_tells_of_the_first() {
        carillon.faults().inject(new JsonObject().put("channel", "telegram").put("mode", "error"));
        Accepted message = carillon.schedule(Way.TELEGRAM, "PT0S");
        JsonObject waiting = await().atMost(Duration.ofSeconds(40))
                .until(
                        () -> carillon.message(message),
                        // The scheduler knows of the retry.
                        told -> told.getValue("nextAttemptAt") != null && told.getInteger("attempts") == 1);
        assertThat(waiting.getString("status")).isEqualTo("delivering");

        assertThatItIsCancelled(message, 1);

        carillon.faults().clear();
        awaitLaterThan("PT8S", message);
        assertThat(carillon.calls(message)).hasSize(1);
        JsonObject delivery = carillon.deliveries(message).getFirst();
        assertThat(delivery.getString("status")).isEqualTo("recalled");
        assertThat(delivery.getJsonArray("attempts")).hasSize(1);
        assertThat(delivery.getJsonArray("attempts").getJsonObject(0).getString("outcome"))
                .isEqualTo("transient");
    }

    @Together
    void a_cancel_that_comes_after_the_end_is_refused_and_says_what_happened() {
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        carillon.awaitStatus(message, "delivered");

        Answer answer = carillon.cancel(message);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.slug()).isEqualTo("already-fired");
        assertThat(answer.json().getString("messageStatus")).isEqualTo("delivered");
        assertThat(answer.json().getInteger("attempts")).isEqualTo(1);
    }

    private void assertThatItIsCancelled(Accepted message, int attempts) {
        Answer first = carillon.cancel(message);
        if (first.status() == 202) {
            // Delivery took more than two seconds to answer: on a busy machine it may.
            assertThat(first.json().getString("status")).isEqualTo("recalling");
            carillon.awaitStatus(message, "cancelled");
        } else {
            assertThatItSays(first, attempts);
        }
        assertThatItSays(carillon.cancel(message), attempts);
    }

    private static void assertThatItSays(Answer answer, int attempts) {
        assertThat(answer.jsonOf(200).getString("status")).isEqualTo("cancelled");
        assertThat(answer.json().getInteger("attempts")).isEqualTo(attempts);
        assertThat(answer.json().getBoolean("possiblyDelivered")).isFalse();
    }

    private void awaitLaterThan(String in, Accepted message) {
        carillon.awaitArrival(carillon.schedule(message.way(), in));
    }
}
