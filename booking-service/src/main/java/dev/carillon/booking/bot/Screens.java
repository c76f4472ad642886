package dev.carillon.booking.bot;

import dev.carillon.booking.bot.Screen.Key;
import dev.carillon.booking.reservation.Booking;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the bot shows, in the words of one language; times are those of the resource's zone, and say so. Buttons mean the same in all languages. */
public final class Screens {
    /** Telegram's limit of a toast, in characters. */
    public static final int LONGEST_TOAST = 200;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final int LONGEST_LABEL = 60;

    private final Words words;

    public Screens(Words words) {
        this.words = words;
    }

    public Screen help() {
        return Screen.of(html(Phrase.HELP));
    }

    public Screen services(Offer.Page<Offer.Service> page) {
        var text = "<b>1/5</b> " + html(Phrase.WHAT_TO_BOOK);
        var keys = page.items().stream()
                .map(one -> new Key(label(one.name()), new Choice.Service(one.id())))
                .toList();
        return more(Screen.of(text).grid(keys, 1), page).row(stop());
    }

    public Screen days(Offer.Service service, Offer.Page<Offer.Day> page, boolean moving) {
        var question = moving ? html(Phrase.TO_WHICH_DAY) : "<b>2/5</b> " + html(Phrase.WHICH_DAY);
        var text = bold(service.name()) + "\n" + question;
        var keys = page.items().stream()
                .map(one -> new Key(words.day(one.day()), new Choice.Day(one.day())))
                .toList();
        return more(Screen.of(text).grid(keys, 3), page).row(back(), stop());
    }

    public Screen times(Offer.Service service, LocalDate day, Offer.Page<Offer.Time> page, boolean moving) {
        var question = (moving ? "" : "<b>3/5</b> ") + html(Phrase.WHAT_TIME);
        var text = "%s, %s\n%s (%s)".formatted(bold(service.name()), words.date(day), question, zone(service.zone()));
        var keys = timeKeys(page.items(), service.zone());
        return more(Screen.of(text).grid(keys, 4), page).row(back(), stop());
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
    public Screen name(String person) {
        var own = Conversation.cleaned(person);
        var question = html(own.isPresent() ? Phrase.WHOSE_NAME_OR_OWN : Phrase.WHOSE_NAME);
        var screen = Screen.of("<b>4/5</b> " + question);
        return own.map(name -> screen.row(new Key(label(name), new Choice.OwnName())))
                .orElse(screen)
                .row(back(), stop());
    }

    public Screen confirm(Offer.Service service, Offer.Time time, String name) {
        var text = "<b>5/5</b> " + what(service.name(), time.localStart(), service.zone());
        return asking(text + "\n" + html(Phrase.FOR_WHOM, name), Phrase.SHALL_I_BOOK)
                .row(key(Phrase.KEY_BOOK, new Choice.Confirm()))
                .row(back(), stop());
    }

    public Screen confirmMove(Offer.Standing from, Offer.Service service, Offer.Time to) {
        var before = when(from.localStart(), from.zone());
        var after = when(to.localStart(), service.zone());
        return asking("%s\n<s>%s</s>\n%s".formatted(bold(service.name()), before, after), Phrase.SHALL_I_MOVE)
                .row(key(Phrase.KEY_MOVE, new Choice.Confirm()))
                .row(back(), stop());
    }

    /** @param standing at most a few: each has a row of buttons */
    public Screen bookings(List<Offer.Standing> standing) {
        var text = new StringBuilder(html(Phrase.YOUR_BOOKINGS));
        var rows = new ArrayList<List<Key>>();
        for (int i = 0; i < standing.size(); i++) {
            var one = standing.get(i);
            var what = what(one.service(), one.localStart(), one.zone());
            text.append("\n\n<b>%d.</b> %s".formatted(i + 1, what));
            if (one.held()) {
                text.append('\n').append(html(Phrase.NOT_CONFIRMED));
            }
            rows.add(keys(one, i + 1));
        }
        return new Screen(text.toString(), rows);
    }

    private List<Key> keys(Offer.Standing one, int number) {
        var keys = new ArrayList<Key>();
        if (one.held()) {
            keys.add(key(Phrase.KEY_CONFIRM_ONE, new Choice.Keep(one.booking()), number));
        }
        keys.add(key(Phrase.KEY_MOVE_ONE, new Choice.Move(one.booking()), number));
        keys.add(key(Phrase.KEY_CANCEL_ONE, new Choice.Cancel(one.booking()), number));
        return List.copyOf(keys);
    }

    public Screen noBookings() {
        return Screen.of(html(Phrase.NO_BOOKINGS));
    }

    public Screen askToCancel(Offer.Standing booking) {
        return asking(what(booking.service(), booking.localStart(), booking.zone()), Phrase.SHALL_I_CANCEL)
                .row(key(Phrase.KEY_YES_CANCEL, new Choice.Confirm()))
                .row(back());
    }

    public Screen booked(Booking booking) {
        var whom = html(Phrase.FOR_WHOM, booking.customer().name());
        return Screen.of(done(Phrase.BOOKED, booking) + "\n" + whom + "\n\n" + html(Phrase.HOW_TO_CHANGE));
    }

    public Screen moved(Booking booking) {
        return Screen.of(done(Phrase.MOVED, booking));
    }

    public Screen cancelled(Booking booking) {
        return Screen.of(done(Phrase.CANCELLED, booking));
    }

    private String done(Phrase phrase, Booking booking) {
        var appointment = booking.appointment();
        return html(phrase) + "\n\n" + what(appointment.resourceName(), appointment.localStart(), appointment.zone());
    }

    /** A notice alone. */
    public Screen of(Notice notice) {
        return Screen.of(escaped(text(notice)));
    }

    /** The screen with a notice above it, if there is one. */
    public Screen after(@Nullable Notice notice, Screen screen) {
        return notice == null ? screen : screen.after(escaped(text(notice)));
    }

    /** In plain text, short enough for a toast. */
    public String text(Notice notice) {
        return switch (notice) {
            case Notice.NoSuchButton() -> words.say(Phrase.NO_SUCH_BUTTON);
            case Notice.TooLate() -> words.say(Phrase.TOO_LATE);
            case Notice.NotUnderstood() -> words.say(Phrase.NOT_UNDERSTOOD);
            case Notice.NoName() -> words.say(Phrase.NO_NAME, Conversation.LONGEST_NAME);
            case Notice.Taken() -> words.say(Phrase.TAKEN);
            case Notice.ServiceGone() -> words.say(Phrase.SERVICE_GONE);
            case Notice.BookingGone() -> words.say(Phrase.BOOKING_GONE);
            case Notice.LimitReached(int most) ->
                most == 1 ? words.say(Phrase.LIMIT_OF_ONE) : words.say(Phrase.LIMIT, most);
            case Notice.TooShortNotice(var until) -> tooShortNotice(until);
            case Notice.NothingFree() -> words.say(Phrase.NOTHING_FREE);
            case Notice.NotAnyMore() -> words.say(Phrase.NOT_ANY_MORE);
            case Notice.Stopped() -> words.say(Phrase.STOPPED);
            case Notice.Busy() -> words.say(Phrase.BUSY);
            case Notice.Failed() -> words.say(Phrase.FAILED);
        };
    }

    private String tooShortNotice(ZonedDateTime until) {
        var zone = until.getZone().getId();
        return words.say(Phrase.TOO_SHORT_NOTICE, when(until.toLocalDateTime()), zone);
    }

    private Screen asking(String html, Phrase question) {
        return Screen.of(html + "\n\n" + html(question));
    }

    private Screen more(Screen screen, Offer.Page<?> page) {
        return page.hasMore() ? screen.row(key(Phrase.KEY_MORE, new Choice.More(page.next()))) : screen;
    }

    private Key back() {
        return key(Phrase.KEY_BACK, new Choice.Back());
    }

    private Key stop() {
        return key(Phrase.KEY_STOP, new Choice.Stop());
    }

    private Key key(Phrase phrase, Choice choice, Object... values) {
        return new Key(label(words.say(phrase, values)), choice);
    }

    private String what(String service, LocalDateTime local, ZoneId zone) {
        return bold(service) + "\n" + when(local, zone);
    }

    private String when(LocalDateTime local, ZoneId zone) {
        return when(local) + " (" + zone(zone) + ")";
    }

    private String when(LocalDateTime local) {
        return words.date(local.toLocalDate()) + ", " + TIME.format(local);
    }

    private static String zone(ZoneId zone) {
        return escaped(zone.getId());
    }

    private static String bold(String text) {
        return "<b>" + escaped(text) + "</b>";
    }

    private String html(Phrase phrase, Object... values) {
        return escaped(words.say(phrase, values));
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
