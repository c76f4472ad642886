package dev.carillon.system.booking;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.carillon.system.clients.BookingPair;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.BotChat;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Somebody who books, moves and cancels by talking with the bot, in an order that the seed says. What the bot said was done is what they have:
 * {@link #contradictions} says where the service disagrees in the end.
 */
final class BotRacer implements Runnable {

    /** A chat whose answers were being sent by a node that died is left to it for 46 seconds, {@code RunningStack}'s settings say. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Pattern DAY = Pattern.compile("\\w{3} \\d{1,2} \\w{3}");
    private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d");
    /** Why somebody does not get what they press for. */
    private static final Set<String> REASONS = Set.of(
            "Nothing is free there.", "That time has just been taken", "You cannot have more than " + SlotRacer.LIMIT);

    private final BotChat chat;
    private final String service;
    private final RaceNotes notes;
    private final BooleanSupplier over;
    private final Random random;
    /** When the bookings begin that the bot said it had made, in the order in which it lists them. */
    private final List<String> mine = new ArrayList<>();

    private int made;

    /**
     * @param service what to book, as the bot shows it
     * @param over whether to wish for nothing more
     */
    BotRacer(TestStack stack, BookingPair pair, String service, RaceNotes notes, BooleanSupplier over, long seed) {
        this.random = new Random(seed);
        this.chat = new BotChat(stack, PATIENCE, update -> bring(pair, update));
        this.service = service;
        this.notes = notes;
        this.over = over;
    }

    private void bring(BookingPair pair, JsonObject update) {
        Answer answer = pair.bring(random, update);
        if (answer.status() != 200) {
            notes.surprise("an update of " + chat.customer() + ": " + answer.status() + " " + answer.body());
        }
    }

    @Override
    public void run() {
        while (!over.getAsBoolean()) {
            BookingPair.think(random);
            switch (mine.isEmpty() ? 0 : random.nextInt(4)) {
                case 0, 1 -> book();
                case 2 -> move();
                default -> cancel();
            }
        }
    }

    private void book() {
        chat.says("/book");
        if (press(service) && pressA(DAY) && pressA(TIME) && press("Ana")) {
            conclude("book", "Book", "Booked.", this::add);
        } else {
            notes.outcome("bot book: nothing free");
        }
    }

    private void move() {
        int one = random.nextInt(mine.size());
        chat.says("/bookings");
        if (press("Move " + (one + 1)) && pressA(DAY) && pressA(TIME)) {
            conclude("move", "Move", "Moved.", time -> {
                mine.remove(one);
                keep(time);
            });
        } else {
            notes.outcome("bot move: nothing free");
        }
    }

    private void cancel() {
        int one = random.nextInt(mine.size());
        chat.says("/bookings");
        if (press("Cancel " + (one + 1))) {
            conclude("cancel", "Yes, cancel it", "Cancelled.", time -> mine.remove(one));
        }
    }

    /** What was done with the booking of this local time of day. */
    @FunctionalInterface
    private interface Done {
        void at(String time);
    }

    private void add(String time) {
        made++;
        keep(time);
    }

    private void keep(String time) {
        mine.add(time);
        Collections.sort(mine);
    }

    private void conclude(String what, String label, String success, Done done) {
        if (!press(label)) {
            notes.outcome("bot " + what + ": taken");
            return;
        }
        if (chat.text().startsWith(success)) {
            notes.outcome("bot " + what + ": done");
            done.at(timeIn(chat.text()));
        } else {
            refused(what);
        }
    }

    private void refused(String what) {
        String reason = REASONS.stream()
                .filter(one -> chat.text().startsWith(one))
                .findFirst()
                .orElse("unexpected");
        notes.outcome("bot " + what + ": " + reason);
        if (reason.equals("unexpected")) {
            notes.surprise(what + " by " + chat.customer() + ": " + chat.text());
        }
    }

    private static String timeIn(String text) {
        var time = TIME.matcher(text);
        if (!time.find()) {
            throw new AssertionError("no time in " + text);
        }
        return time.group();
    }

    /** Whether there was such a button. Where there is none, the screen has to say why. */
    private boolean press(String label) {
        if (chat.labels().contains(label)) {
            chat.presses(label);
            return true;
        }
        if (REASONS.stream().noneMatch(one -> chat.text().startsWith(one))) {
            notes.surprise("no button " + label + " for " + chat.customer() + ": " + chat.text());
        }
        return false;
    }

    private boolean pressA(Pattern kind) {
        List<String> some = chat.labels().stream()
                .filter(label -> kind.matcher(label).matches())
                .toList();
        return press(some.isEmpty() ? kind.pattern() : some.get(random.nextInt(some.size())));
    }

    /** Where the bookings of this chat are not what the bot has said. */
    List<String> contradictions(Bookings bookings) {
        List<JsonObject> there = bookings.ofCustomer(chat.customer());
        Map<String, Long> standing = there.stream()
                .filter(one -> one.getString("status").equals("booked"))
                .collect(groupingBy(one -> one.getString("localStart").substring(11, 16), counting()));
        Map<String, Long> told = mine.stream().collect(groupingBy(time -> time, counting()));
        return there.size() == made && standing.equals(told)
                ? List.of()
                : List.of("%s was told of %d bookings, of which %s stand, and there are %d, of which %s stand"
                        .formatted(chat.customer(), made, told, there.size(), standing));
    }
}
