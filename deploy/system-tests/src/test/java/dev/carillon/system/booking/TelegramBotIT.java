package dev.carillon.system.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.state.Credentials;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.clients.BotChat;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody books, looks, moves and cancels by talking with the bot; what they are told arrives at the local provider. */
@ExtendWith(RunningStack.class)
class TelegramBotIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final TestStack stack;
    private final Bookings bookings;
    private final Instant begun = Instant.now();
    private final BotChat chat;

    TelegramBotIT(TestStack stack) {
        this.stack = stack;
        this.bookings = new Bookings(new Carillon(stack));
        this.chat = new BotChat(stack, PATIENCE, this::bringTwice);
    }

    @Test
    void a_booking_is_made_seen_moved_and_cancelled_by_the_bot() {
        String service = "Blood test " + Carillon.marker();
        UUID resource = bookings.openResource(
                new JsonObject().put("name", service).put("zone", Bookings.ZONE).put("slotLength", "PT30M"));
        ZonedDateTime start =
                ZonedDateTime.now(ZoneId.of(Bookings.ZONE)).plusDays(2).truncatedTo(ChronoUnit.DAYS);
        Slot nine = bookings.openSlot(resource, start.withHour(9).toInstant(), 1);
        Slot ten = bookings.openSlot(resource, start.withHour(10).toInstant(), 1);
        String day = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH).format(start);

        JsonObject screen = chat.says("/book");
        while (!screen.encode().contains(service)) {
            screen = chat.presses("More »");
        }
        chat.presses(service);
        chat.presses(day);
        chat.presses("09:00");
        chat.says("Ana <Rao>");
        assertThat(chat.presses("Book").getString("text")).contains("Booked.", "09:00", "Ana &lt;Rao&gt;");
        JsonObject booking = bookings.ofSlot(nine).getFirst();
        assertThat(booking.getString("status")).isEqualTo("booked");
        assertThat(booking.getJsonObject("customer").getString("name")).isEqualTo("Ana <Rao>");

        // The scheduler confirms it like any other booking, by the bot that delivery has.
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> chat.told().stream()
                .anyMatch(one -> !BotChat.isScreen(one)));

        assertThat(chat.says("/bookings").getString("text")).contains(service, "09:00 (Europe/Berlin)");
        chat.presses("Move 1");
        chat.presses(day);
        chat.presses("10:00");
        assertThat(chat.presses("Move").getString("text")).contains("Moved.", "10:00");
        assertThat(bookings.slot(nine).getInteger("booked")).isZero();
        assertThat(bookings.slot(ten).getInteger("booked")).isEqualTo(1);

        chat.says("/bookings");
        chat.presses("Cancel 1");
        assertThat(chat.presses("Yes, cancel it").getString("text")).contains("Cancelled.");
        assertThat(bookings.slot(ten).getInteger("booked")).isZero();
        assertThat(bookings.booking(UUID.fromString(booking.getString("id"))).getString("status"))
                .isEqualTo("cancelled");
    }

    @Test
    void telegram_is_told_where_updates_go_and_nobody_else_can_bring_any() {
        String url = stack.booking() + "/v1/telegram/webhook";
        assertThat(stack.asAdmin(
                                "POST",
                                stack.booking() + "/v1/telegram/bots/local/set-webhook",
                                new JsonObject().put("url", url).encode())
                        .jsonOf(200)
                        .getString("url"))
                .isEqualTo(url);
        String told = Web.send("GET", stack.providers() + "/received?channel=telegram&since=" + begun, null)
                .jsonOf(200)
                .encode();
        assertThat(told).contains("setWebhook", url).doesNotContain(stack.secret(Credentials.TELEGRAM_SECRET_TOKEN));

        Answer forged = bring(new JsonObject().put("update_id", 1), "guessed");
        assertThat(forged.status()).isEqualTo(401);
    }

    /** Sends it twice, as Telegram does when it misses the answer: what comes of it comes once. */
    private void bringTwice(JsonObject update) {
        for (int time = 0; time < 2; time++) {
            Answer taken = bring(update, stack.secret(Credentials.TELEGRAM_SECRET_TOKEN));
            assertThat(taken.status()).isEqualTo(200);
        }
    }

    private Answer bring(JsonObject update, String secret) {
        return Web.send(
                "POST",
                stack.booking() + "/v1/telegram/webhook",
                update.encode(),
                "Content-Type",
                "application/json",
                "X-Telegram-Bot-Api-Secret-Token",
                secret);
    }
}
