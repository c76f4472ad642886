package dev.carillon.booking.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.booking.support.TelegramStandIn.Call;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** A resource of the bot's tenant, whose slots are opened one by one on one day. */
public record Salon(Desk desk, String name, String id, LocalDate day) {
    private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");

    public static Salon of(String tenant) {
        return of(tenant, "");
    }

    /** @param rules members, such as {@code ,"leadTime":"PT2H"} */
    public static Salon of(String tenant, String rules) {
        var desk = Desk.of(tenant);
        var name = "Cut & dye " + UUID.randomUUID();
        var id = desk.api()
                .post("/v1/resources", """
                        {"name":"%s","zone":"%s","slotLength":"PT30M"%s}""".formatted(name, ZONE, rules))
                .expect(201)
                .at("/id");
        return new Salon(desk, name, id, LocalDate.now(ZONE).plusDays(3));
    }

    /** @param time such as {@code 10:00} */
    public String slot(String time, int capacity) {
        return slot(day, time, capacity);
    }

    public String slot(LocalDate on, String time, int capacity) {
        return desk.api()
                .post("/v1/slots", """
                        {"resourceId":"%s","startAt":"%s","capacity":%d}""".formatted(
                        id, on.atTime(LocalTime.parse(time)).atZone(ZONE).toOffsetDateTime(), capacity))
                .expect(201)
                .at("/id");
    }

    public String dayLabel() {
        return dayLabel(day);
    }

    public String dayLabel(LocalDate on) {
        return DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH).format(on);
    }

    /** {@code /book}, and this service. */
    public Call chosenBy(Chatter chatter) {
        var screen = chatter.says("/book");
        while (!screen.labels().contains(name)) {
            screen = chatter.presses("More »");
        }
        return chatter.presses(name);
    }

    /** Up to the last question. */
    public Call askedBy(Chatter chatter, String time) {
        chosenBy(chatter);
        chatter.presses(dayLabel());
        chatter.presses(time);
        return chatter.says("Ana Rao");
    }

    /** All five steps. */
    public Call bookedBy(Chatter chatter, String time) {
        askedBy(chatter, time);
        return chatter.presses("Book");
    }

    public JsonNode bookings() {
        return desk.api()
                .get("/v1/bookings?resourceId=" + id)
                .expect(200)
                .json()
                .at("/items");
    }
}
