package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.state.Credentials;
import dev.carillon.system.Bookings.Slot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
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
    private final long chat = ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L);
    private long updates = ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L);

    TelegramBotIT(TestStack stack) {
        this.stack = stack;
        this.bookings = new Bookings(new Carillon(stack));
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

        JsonObject screen = says("/book");
        while (!screen.encode().contains(service)) {
            screen = presses("More »");
        }
        presses(service);
        presses(day);
        presses("09:00");
        says("Ana <Rao>");
        assertThat(presses("Book").getString("text")).contains("Booked.", "09:00", "Ana &lt;Rao&gt;");
        JsonObject booking = bookings.ofSlot(nine).getFirst();
        assertThat(booking.getString("status")).isEqualTo("booked");
        assertThat(booking.getJsonObject("customer").getString("name")).isEqualTo("Ana <Rao>");

        // The scheduler confirms it like any other booking, by the bot that delivery has.
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> told().stream()
                .anyMatch(one -> !one.getJsonObject("parameters").containsKey("parse_mode")));

        assertThat(says("/bookings").getString("text")).contains(service, "09:00 (Europe/Berlin)");
        presses("Move 1");
        presses(day);
        presses("10:00");
        assertThat(presses("Move").getString("text")).contains("Moved.", "10:00");
        assertThat(bookings.slot(nine).getInteger("booked")).isZero();
        assertThat(bookings.slot(ten).getInteger("booked")).isEqualTo(1);

        says("/bookings");
        presses("Cancel 1");
        assertThat(presses("Yes, cancel it").getString("text")).contains("Cancelled.");
        assertThat(bookings.slot(ten).getInteger("booked")).isZero();
        assertThat(bookings.booking(UUID.fromString(booking.getString("id"))).getString("status"))
                .isEqualTo("cancelled");
    }

    @Test
    void telegram_is_told_where_updates_go_and_nobody_else_can_bring_any() {
        String url = stack.booking() + "/v1/telegram/webhook";
        assertThat(Web.send(
                                "POST",
                                stack.booking() + "/v1/telegram/bots/local/set-webhook",
                                new JsonObject().put("url", url).encode(),
                                "Authorization",
                                "Bearer " + stack.secret(Credentials.ADMIN_TOKEN),
                                "Content-Type",
                                "application/json")
                        .jsonOf(200)
                        .getString("url"))
                .isEqualTo(url);
        String told = Web.send("GET", stack.providers() + "/received?channel=telegram&since=" + begun, null)
                .jsonOf(200)
                .encode();
        assertThat(told).contains("setWebhook", url).doesNotContain(stack.secret(Credentials.TELEGRAM_SECRET_TOKEN));

        Answer forged = Web.send(
                "POST",
                url,
                message("/book").encode(),
                "Content-Type",
                "application/json",
                "X-Telegram-Bot-Api-Secret-Token",
                "guessed");
        assertThat(forged.status()).isEqualTo(401);
    }

    private JsonObject says(String text) {
        return sees(message(text));
    }

    private JsonObject presses(String label) {
        String data = buttons(screens().getLast()).stream()
                .filter(button -> button.getString("text").equals(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no button " + label + " in " + screens().getLast()))
                .getString("callback_data");
        var query = new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("from", person())
                .put("data", data)
                .put("message", new JsonObject().put("message_id", 1).put("chat", place()));
        return sees(new JsonObject().put("update_id", ++updates).put("callback_query", query));
    }

    /** Sends it twice, as Telegram does when it misses the answer: what comes of it comes once. */
    private JsonObject sees(JsonObject update) {
        int before = screens().size();
        for (int time = 0; time < 2; time++) {
            Answer taken = Web.send(
                    "POST",
                    stack.booking() + "/v1/telegram/webhook",
                    update.encode(),
                    "Content-Type",
                    "application/json",
                    "X-Telegram-Bot-Api-Secret-Token",
                    stack.secret(Credentials.TELEGRAM_SECRET_TOKEN));
            assertThat(taken.status()).isEqualTo(200);
        }
        return await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(this::screens, found -> found.size() > before)
                .getLast();
    }

    private JsonObject message(String text) {
        return new JsonObject()
                .put("update_id", ++updates)
                .put(
                        "message",
                        new JsonObject()
                                .put("message_id", 1)
                                .put("from", person())
                                .put("chat", place())
                                .put("text", text));
    }

    private JsonObject person() {
        return new JsonObject().put("id", chat).put("is_bot", false).put("first_name", "Ana");
    }

    private JsonObject place() {
        return new JsonObject().put("id", chat).put("type", "private");
    }

    /** What the bot has said in this chat: delivery's messages have no shape. */
    private List<JsonObject> screens() {
        return told().stream()
                .filter(one -> one.getJsonObject("parameters").containsKey("parse_mode"))
                .toList();
    }

    /** Everything that was said in this chat, oldest first. */
    private List<JsonObject> told() {
        return Carillon.objects(Web.send("GET", stack.providers() + "/received?channel=telegram&since=" + begun, null)
                        .jsonOf(200)
                        .getJsonArray("items"))
                .stream()
                .filter(one -> Long.toString(chat).equals(one.getString("chatId")))
                .sorted(Comparator.comparing(one -> one.getLong("id")))
                .toList();
    }

    private static List<JsonObject> buttons(JsonObject screen) {
        return screen
                .getJsonObject("parameters")
                .getJsonObject("reply_markup", new JsonObject())
                .getJsonArray("inline_keyboard", new JsonArray())
                .stream()
                .flatMap(row -> ((JsonArray) row).stream())
                .map(JsonObject.class::cast)
                .toList();
    }
}
