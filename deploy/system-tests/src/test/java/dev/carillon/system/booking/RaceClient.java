package dev.carillon.system.booking;

import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.stack.Answer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Somebody who books and holds, confirms, cancels and moves what they have, in an order that depends on the seed. */
final class RaceClient implements Runnable {

    private static final int WISHES = 12;

    private final Bookings bookings;
    private final Slot slot;
    private final Slot other;
    private final Random random;
    private final Map<UUID, Integer> places = new HashMap<>();
    private final List<UUID> own = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<String> surprises = new ArrayList<>();

    RaceClient(Bookings bookings, Slot slot, Slot other, int seed) {
        this.bookings = bookings;
        this.slot = slot;
        this.other = other;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        book();
        for (int i = 1; i < WISHES; i++) {
            switch (own.isEmpty() ? 0 : random.nextInt(6)) {
                case 0, 1 -> book();
                case 2 -> act("confirm", bookings.confirm(any()));
                case 3 -> act("cancel", bookings.cancel(any()));
                default -> reschedule(any());
            }
        }
    }

    private UUID any() {
        return own.get(random.nextInt(own.size()));
    }

    private void book() {
        int wanted = 1 + random.nextInt(3);
        var wish = Bookings.wish(random.nextInt(4) == 0 ? other : slot, wanted, Bookings.newAddress());
        switch (random.nextInt(3)) {
            case 0 -> wish.put("hold", "PT1S");
            case 1 -> wish.put("hold", "PT10M");
            default -> {}
        }
        Answer answer = bookings.post(wish, null);
        if (answer.status() == 201) {
            UUID id = UUID.fromString(answer.json().getString("id"));
            places.put(id, wanted);
            own.add(id);
        }
        note("book", answer, wanted);
    }

    private void act(String what, Answer answer) {
        note(what, answer, 0);
    }

    private void reschedule(UUID booking) {
        note(
                "reschedule",
                bookings.reschedule(booking, random.nextBoolean() ? slot : other),
                places.getOrDefault(booking, 0));
    }

    private void note(String what, Answer answer, int wanted) {
        boolean done = answer.status() == (what.equals("book") ? 201 : 200);
        if (!done && !isRefused(answer, wanted)) {
            surprises.add(what + " of " + wanted + ": " + answer.status() + " " + answer.body());
        }
        String outcome = done ? Integer.toString(answer.status()) : answer.slug();
        outcomes.merge(what + " " + outcome, 1, Integer::sum);
    }

    /** With a reason that fits. */
    private static boolean isRefused(Answer answer, int wanted) {
        if (answer.status() != 409) {
            return false;
        }
        JsonObject problem = answer.json();
        return switch (answer.slug()) {
            case "slot-full" -> problem.getInteger("available", -1) >= 0 && problem.getInteger("available") < wanted;
            case "transition-refused" -> problem.containsKey("from") && problem.containsKey("to");
            default -> false;
        };
    }

    /** Answers that should not have been given. */
    List<String> surprises() {
        return surprises;
    }

    /** How often each wish came to each outcome. */
    static Map<String, Integer> tally(List<RaceClient> clients) {
        var tally = new TreeMap<String, Integer>();
        clients.forEach(
                client -> client.outcomes.forEach((outcome, times) -> tally.merge(outcome, times, Integer::sum)));
        return tally;
    }
}
