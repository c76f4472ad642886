package dev.carillon.booking.bot;

import dev.carillon.booking.bot.Screen.Key;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Booking;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The bot's words, in English; times are those of the resource's zone, and say so. */
public final class Screens {
    /** Telegram's limit of a toast, in characters. */
    public static final int LONGEST_TOAST = 200;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
    private static final int LONGEST_LABEL = 60;
    private static final Key BACK = new Key("« Back", new Choice.Back());
    private static final Key STOP = new Key("Stop", new Choice.Stop());

    private Screens() {}

    public static Screen help() {
        return Screen.of("""
                I book appointments.

                /book – book one
                /bookings – see yours, move or cancel them
                /cancel – stop what we are at
                /help – this""");
    }

    public static Screen services(Offer.Page<Offer.Service> page) {
        var keys = page.items().stream()
                .map(one -> new Key(label(one.name()), new Choice.Service(one.id())))
                .toList();
        return more(Screen.of("<b>1/5</b> What would you like to book?").grid(keys, 1), page)
                .row(STOP);
    }

    public static Screen days(Offer.Service service, Offer.Page<Offer.Day> page, boolean moving) {
        var keys = page.items().stream()
                .map(one -> new Key(DAY.format(one.day()), new Choice.Day(one.day())))
                .toList();
        var question = moving ? "To which day?" : "<b>2/5</b> On which day?";
        return more(Screen.of(bold(service.name()) + "\n" + question).grid(keys, 3), page)
                .row(BACK, STOP);
    }

    public static Screen times(Offer.Service service, LocalDate day, Offer.Page<Offer.Time> page, boolean moving) {
        var question = moving ? "At what time?" : "<b>3/5</b> At what time?";
        var text = "%s, %s\n%s (%s)".formatted(bold(service.name()), DATE.format(day), question, zone(service.zone()));
        return more(Screen.of(text).grid(timeKeys(page.items(), service.zone()), 4), page)
                .row(BACK, STOP);
    }

    /** Where clocks are set back an hour comes twice; its times are told apart. */
    private static List<Key> timeKeys(List<Offer.Time> times, ZoneId zone) {
        var often = times.stream()
                .collect(Collectors.groupingBy(one -> one.localStart().toLocalTime(), Collectors.counting()));
        var keys = new ArrayList<Key>();
        for (var one : times) {
            LocalTime local = one.localStart().toLocalTime();
            var label = TIME.format(local);
            boolean twice = often.getOrDefault(local, 0L) > 1;
            keys.add(new Key(twice ? label + " " + offset(one.startAt(), zone) : label, new Choice.Time(one.slot())));
        }
        return keys;
    }

    private static String offset(Instant at, ZoneId zone) {
        return zone.getRules().getOffset(at).toString();
    }

    /** @param person as they call themselves; empty for no such button */
    public static Screen name(String person) {
        var screen = Screen.of("<b>4/5</b> For whom? Write the name"
                + (Conversation.cleaned(person).isPresent() ? ", or take the one that you have here." : "."));
        return Conversation.cleaned(person)
                .map(name -> screen.row(new Key(label(name), new Choice.OwnName())))
                .orElse(screen)
                .row(BACK, STOP);
    }

    public static Screen confirm(Offer.Service service, Offer.Time time, String name) {
        var text = "<b>5/5</b> %s\n%s\nfor %s\n\nShall I book it?"
                .formatted(bold(service.name()), when(time.localStart(), service.zone()), escaped(name));
        return Screen.of(text).row(new Key("Book", new Choice.Confirm())).row(BACK, STOP);
    }

    public static Screen confirmMove(Offer.Standing from, Offer.Service service, Offer.Time to) {
        var text = "%s\n<s>%s</s>\n%s\n\nShall I move it?"
                .formatted(
                        bold(service.name()),
                        when(from.localStart(), from.zone()),
                        when(to.localStart(), service.zone()));
        return Screen.of(text).row(new Key("Move", new Choice.Confirm())).row(BACK, STOP);
    }

    /** @param standing at most a few: each has a row of buttons */
    public static Screen bookings(List<Offer.Standing> standing) {
        var text = new StringBuilder("Your bookings:");
        var rows = new ArrayList<List<Key>>();
        for (int i = 0; i < standing.size(); i++) {
            var one = standing.get(i);
            text.append("\n\n<b>%d.</b> %s\n%s%s"
                    .formatted(
                            i + 1,
                            bold(one.service()),
                            when(one.localStart(), one.zone()),
                            one.held() ? "\nnot confirmed yet" : ""));
            var keys = new ArrayList<Key>();
            if (one.held()) {
                keys.add(new Key("Confirm " + (i + 1), new Choice.Keep(one.booking())));
            }
            keys.add(new Key("Move " + (i + 1), new Choice.Move(one.booking())));
            keys.add(new Key("Cancel " + (i + 1), new Choice.Cancel(one.booking())));
            rows.add(List.copyOf(keys));
        }
        return new Screen(text.toString(), rows);
    }

    public static Screen noBookings() {
        return Screen.of("You have no bookings ahead. /book makes one.");
    }

    public static Screen askToCancel(Offer.Standing booking) {
        var text = "%s\n%s\n\nShall I cancel it?"
                .formatted(bold(booking.service()), when(booking.localStart(), booking.zone()));
        return Screen.of(text)
                .row(new Key("Yes, cancel it", new Choice.Confirm()))
                .row(BACK);
    }

    public static Screen booked(Booking booking) {
        return Screen.of("Booked.\n\n%s\nfor %s\n\n/bookings moves or cancels it."
                .formatted(
                        what(booking.appointment()), escaped(booking.customer().name())));
    }

    public static Screen moved(Booking booking) {
        return Screen.of("Moved.\n\n" + what(booking.appointment()));
    }

    public static Screen cancelled(Booking booking) {
        return Screen.of("Cancelled.\n\n" + what(booking.appointment()));
    }

    /** A notice alone. */
    public static Screen of(Notice notice) {
        return Screen.of(escaped(text(notice)));
    }

    /** The screen with a notice above it, if there is one. */
    public static Screen after(@Nullable Notice notice, Screen screen) {
        return notice == null ? screen : screen.after(escaped(text(notice)));
    }

    /** In plain text, short enough for a toast. */
    public static String text(Notice notice) {
        return switch (notice) {
            case Notice.NoSuchButton() -> "That button is not good any more. /book begins anew, /bookings shows yours.";
            case Notice.TooLate() -> "That took too long, and nothing was done. /book begins anew.";
            case Notice.NotUnderstood() -> "I did not understand. /help says what I can do.";
            case Notice.NoName() ->
                "A name takes 1 to %d characters on one line. Please write it again."
                        .formatted(Conversation.LONGEST_NAME);
            case Notice.Taken() -> "That time has just been taken, or can no longer be booked. These are free:";
            case Notice.ServiceGone() -> "That cannot be booked here any more. /book begins anew.";
            case Notice.BookingGone() -> "That booking is not ahead of you any more.";
            case Notice.LimitReached(int most) ->
                "You cannot have more than %d booking%s ahead here. /bookings shows yours."
                        .formatted(most, most == 1 ? "" : "s");
            case Notice.TooShortNotice(var until) ->
                "It is too late for that: it could be changed until %s (%s)."
                        .formatted(
                                when(until.toLocalDateTime()), until.getZone().getId());
            case Notice.NothingFree() -> "Nothing is free there.";
            case Notice.NotAnyMore() -> "That is not possible any more. /bookings shows yours.";
            case Notice.Stopped() -> "Stopped; nothing was booked or changed. /book begins anew.";
            case Notice.Busy() -> "That is being changed just now, and nothing was done. Please try again in a moment.";
            case Notice.Failed() -> "Something went wrong here, and nothing was done. Please try again.";
        };
    }

    private static Screen more(Screen screen, Offer.Page<?> page) {
        return page.hasMore() ? screen.row(new Key("More »", new Choice.More(page.next()))) : screen;
    }

    private static String what(Appointment appointment) {
        return bold(appointment.resourceName()) + "\n" + when(appointment.localStart(), appointment.zone());
    }

    private static String when(LocalDateTime local, ZoneId zone) {
        return when(local) + " (" + zone(zone) + ")";
    }

    private static String when(LocalDateTime local) {
        return DATE.format(local) + ", " + TIME.format(local);
    }

    private static String zone(ZoneId zone) {
        return escaped(zone.getId());
    }

    private static String bold(String text) {
        return "<b>" + escaped(text) + "</b>";
    }

    /** For the text of a message (Bot API, HTML style); what has no shape of its own cannot give any. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A button's text is no HTML; it is only short. */
    private static String label(String text) {
        if (text.codePointCount(0, text.length()) <= LONGEST_LABEL) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "…";
    }
}
