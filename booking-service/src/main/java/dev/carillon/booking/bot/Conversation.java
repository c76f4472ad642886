package dev.carillon.booking.bot;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/**
 * What a chat and the bot are talking about. Every screen of buttons is a turn: only buttons of the latest one count, so that one pressed twice, late, or
 * made up finds no conversation that it belongs to.
 *
 * @param token tells this conversation from the chat's earlier ones, and from other chats'; nobody can guess it
 * @param turn counts the screens
 * @param expiresAt it has ended by then
 */
public record Conversation(String token, int turn, Step step, Draft draft, Instant expiresAt) {
    /** The longest name that a customer has. */
    public static final int LONGEST_NAME = 200;

    /** Telegram's limit of what comes with a button, in bytes. */
    public static final int LARGEST_DATA = 64;

    private static final String DOT = ".";

    /** @param token of at most 16 letters and digits */
    public static Conversation none(String token) {
        return new Conversation(token, 0, Step.IDLE, Draft.EMPTY, Instant.EPOCH);
    }

    public boolean isOverAt(Instant now) {
        return step == Step.IDLE || !now.isBefore(expiresAt);
    }

    /** What comes with a button of this turn. */
    public String data(Choice choice) {
        return token + DOT + Integer.toString(turn, Character.MAX_RADIX) + DOT + choice.code();
    }

    /** What is wanted, as far as this conversation tells. */
    public Wish hear(Heard heard, String person, Instant now) {
        return switch (heard) {
            case Heard.Command(String name) -> command(name);
            case Heard.Said(String text) -> said(text, now);
            case Heard.Pressed pressed -> pressed(pressed.data(), person, now);
            case Heard.Other() -> new Wish.Nothing(new Notice.NotUnderstood());
        };
    }

    private static Wish command(String name) {
        return switch (name) {
            case "start", "help" -> new Wish.Help();
            case "book" -> new Wish.Begin();
            case "bookings" -> new Wish.ShowBookings();
            case "cancel" -> new Wish.Stop();
            default -> new Wish.Nothing(new Notice.NotUnderstood());
        };
    }

    private Wish said(String text, Instant now) {
        if (step != Step.NAME) {
            return new Wish.Nothing(new Notice.NotUnderstood());
        }
        if (isOverAt(now)) {
            return new Wish.Nothing(new Notice.TooLate());
        }
        return name(text);
    }

    private static Wish name(String text) {
        return cleaned(text).<Wish>map(Wish.TakeName::new).orElseGet(() -> new Wish.Nothing(new Notice.NoName()));
    }

    /** A name as a customer can have it; empty when it cannot be one. */
    public static Optional<String> cleaned(String text) {
        var name = text.strip().replaceAll("\\s+", " ");
        boolean good = !name.isBlank()
                && name.length() <= LONGEST_NAME
                && name.chars().noneMatch(Character::isISOControl)
                && name.codePoints().noneMatch(one -> Character.getType(one) == Character.SURROGATE);
        return good ? Optional.of(name) : Optional.empty();
    }

    private Wish pressed(String data, String person, Instant now) {
        var parts = data.split("\\.", -1);
        boolean own = parts.length == 3 && parts[0].equals(token) && step != Step.IDLE;
        if (!own) {
            return new Wish.Nothing(new Notice.NoSuchButton());
        }
        if (isOverAt(now)) {
            return new Wish.Nothing(new Notice.TooLate());
        }
        if (!parts[1].equals(Integer.toString(turn, Character.MAX_RADIX))) {
            return new Wish.Nothing(new Notice.NoSuchButton());
        }
        return Choice.read(parts[2])
                .flatMap(choice -> wish(choice, person))
                .orElseGet(() -> new Wish.Nothing(new Notice.NoSuchButton()));
    }

    /** Empty when this step has no such button. */
    private Optional<Wish> wish(Choice choice, String person) {
        return switch (choice) {
            case Choice.Service(UUID resource) -> at(Step.SERVICE, new Wish.ChooseService(resource));
            case Choice.Day(LocalDate day) -> at(Step.DAY, new Wish.ChooseDay(day));
            case Choice.Time(UUID slot) -> at(Step.TIME, new Wish.ChooseTime(slot));
            case Choice.OwnName() -> at(Step.NAME, name(person));
            case Choice.Confirm() -> confirmed();
            case Choice.Back() ->
                step == Step.SERVICE || step == Step.BOOKINGS ? Optional.empty() : Optional.of(new Wish.Back());
            case Choice.Stop() -> Optional.of(new Wish.Stop());
            case Choice.More(long from) -> pages() ? Optional.of(new Wish.Page(from)) : Optional.empty();
            case Choice.Move(UUID booking) -> at(Step.BOOKINGS, new Wish.BeginMove(booking));
            case Choice.Cancel(UUID booking) -> at(Step.BOOKINGS, new Wish.AskToCancel(booking));
            case Choice.Keep(UUID booking) -> at(Step.BOOKINGS, new Wish.Keep(booking));
        };
    }

    private boolean pages() {
        return step == Step.SERVICE || step == Step.DAY || step == Step.TIME;
    }

    private Optional<Wish> at(Step wanted, Wish wish) {
        return step == wanted ? Optional.of(wish) : Optional.empty();
    }

    private Optional<Wish> confirmed() {
        var booking = draft.booking();
        return switch (step) {
            case CONFIRM -> Optional.of(booking == null ? new Wish.Book() : new Wish.Move(booking));
            case CANCEL -> Optional.ofNullable(booking).map(Wish.Cancel::new);
            default -> Optional.empty();
        };
    }

    /** A new conversation of this chat, with no buttons in common with those before. */
    public Conversation begun(String newToken, Step first) {
        return new Conversation(newToken, 0, first, Draft.EMPTY, expiresAt);
    }

    public Conversation withService(UUID resource) {
        return at(Step.DAY, draft.withResource(resource));
    }

    public Conversation withDay(LocalDate day) {
        return at(Step.TIME, draft.withDay(day));
    }

    /** Asks for the name, unless it is known by now or the booking has one. */
    public Conversation withTime(UUID slot) {
        return at(draft.isMove() || draft.name() != null ? Step.CONFIRM : Step.NAME, draft.withSlot(slot));
    }

    public Conversation withName(String name) {
        return at(Step.CONFIRM, draft.withName(name));
    }

    public Conversation moving(UUID booking, UUID resource) {
        return at(Step.DAY, Draft.ofMove(booking, resource));
    }

    public Conversation askingToCancel(UUID booking) {
        return at(Step.CANCEL, Draft.of(booking));
    }

    /** To the days again. */
    public Conversation atDays() {
        return at(Step.DAY, draft.withoutDay());
    }

    /** To the times of the day again. */
    public Conversation atTimes() {
        return at(Step.TIME, draft.withDay(draft.chosenDay()));
    }

    /** One step back. */
    public Conversation back() {
        return switch (step) {
            case DAY -> draft.isMove() ? at(Step.BOOKINGS, Draft.EMPTY) : at(Step.SERVICE, Draft.EMPTY);
            case TIME -> atDays();
            case NAME, CONFIRM -> atTimes();
            case CANCEL -> at(Step.BOOKINGS, Draft.EMPTY);
            case IDLE, SERVICE, BOOKINGS -> this;
        };
    }

    public Conversation ended() {
        return at(Step.IDLE, Draft.EMPTY);
    }

    /** With a new screen, from which it lasts so long. */
    public Conversation shown(Instant now, Duration lasts) {
        return new Conversation(token, turn + 1, step, draft, now.plus(lasts));
    }

    private Conversation at(Step next, Draft then) {
        return new Conversation(token, turn, next, then, expiresAt);
    }
}
