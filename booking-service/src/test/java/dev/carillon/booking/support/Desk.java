package dev.carillon.booking.support;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One tenant's reception desk: opens resources and slots, and books them. */
public record Desk(Api api) {
    public static Desk of(String tenant) {
        return new Desk(Api.of(tenant));
    }

    /** A resource without weekly hours: its slots are opened one by one. */
    public String resource() {
        return api.post("/v1/resources", """
                {"name":"Dr. Rao","zone":"Asia/Kolkata","slotLength":"PT30M","reminders":["P1D","PT1H"]}""").expect(201).at("/id");
    }

    /** The same, with these rules, such as {@code "leadTime":"PT2H"}. */
    public String resource(String rules) {
        return api.post("/v1/resources", """
                {"name":"Dr. Rao","zone":"Asia/Kolkata","slotLength":"PT30M",%s}""".formatted(rules)).expect(201).at("/id");
    }

    /** A slot of a new resource, a day ahead. */
    public String slot(int capacity) {
        return slot(resource(), capacity, Duration.ofDays(1));
    }

    public String slot(String resource, int capacity, Duration ahead) {
        return api.post("/v1/slots", """
                {"resourceId":"%s","startAt":"%s","capacity":%d}""".formatted(resource, inUtc(ahead), capacity))
                .expect(201)
                .at("/id");
    }

    public Answer book(String slot, int places) {
        return book(slot, places, "");
    }

    /** @param more members, such as {@code ,"hold":"PT5M"} */
    public Answer book(String slot, int places, String more) {
        return api.post("/v1/bookings", body(slot, places, more));
    }

    public static String body(String slot, int places, String more) {
        return """
                {"slotId":"%s","places":%d,"customer":{"name":"Ana","email":"ana@example.org","zone":"Europe/Lisbon"}%s}""".formatted(slot, places, more);
    }

    /** Of any slot of the resource, or of one slot: {@code of} is {@code "resourceId"} or {@code "slotId"}. */
    public Answer wait(String of, String id, int places) {
        return api.post("/v1/waitlist", """
                {"%s":"%s","places":%d,"customer":{"name":"Bo","email":"bo@example.org"}}""".formatted(of, id, places));
    }

    /** Who waits for a place of a slot. */
    public String waiting(String slot) {
        return wait("slotId", slot, 1).expect(201).at("/id");
    }

    /** Who waited for a place of a slot that was full, and is offered it. */
    public String offered(String slot) {
        var booking = book(slot, 1).expect(201).at("/id");
        var entry = waiting(slot);
        act(booking, "cancel").expect(200);
        return entry;
    }

    public Answer entry(String entry) {
        return api.get("/v1/waitlist/" + entry).expect(200);
    }

    /** {@code accept} or {@code leave}. */
    public Answer answer(String entry, String action) {
        return api.post("/v1/waitlist/" + entry + "/" + action);
    }

    public Answer act(String booking, String action) {
        return api.post("/v1/bookings/" + booking + "/" + action);
    }

    public Answer move(String booking, String slot) {
        return api.post("/v1/bookings/" + booking + "/reschedule", "{\"slotId\":\"" + slot + "\"}");
    }

    public int booked(String slot) {
        return api.get("/v1/slots/" + slot).expect(200).json().at("/booked").asInt();
    }

    public String bookingStatus(String booking) {
        return api.get("/v1/bookings/" + booking).expect(200).at("/status");
    }

    /** @param status {@code open} or {@code closed} */
    public Answer setStatus(String slot, String status) {
        return api.patch("/v1/slots/" + slot, "{\"status\":\"" + status + "\"}").expect(200);
    }

    private static Instant inUtc(Duration ahead) {
        return Instant.now().plus(ahead).truncatedTo(ChronoUnit.MILLIS);
    }
}
