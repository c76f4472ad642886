package dev.carillon.booking.availability.http;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.availability.DayException;
import dev.carillon.booking.availability.Opening;
import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.http.OpenResourceRequest.ExceptionRequest;
import dev.carillon.booking.availability.http.OpenResourceRequest.OpeningRequest;
import dev.carillon.booking.availability.store.HoursJson;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.problem.Faults;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a request into a resource, or says everything that is wrong with it. */
final class ResourceReading {
    static final int LARGEST_CAPACITY = 100_000;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_HORIZON_DAYS = 400;
    private static final int MOST_OPENINGS = 100;
    private static final int MOST_EXCEPTIONS = 400;
    private static final int MOST_REMINDERS = 10;
    private static final int LARGEST_MAX_PER_CUSTOMER = 10_000;
    private static final Duration LONGEST_RULE = Duration.ofDays(LONGEST_HORIZON_DAYS);
    private static final Duration LONGEST_SLOT = Duration.ofHours(24);
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d|24:00");
    private static final Pattern LEAD =
            Pattern.compile("P(?=.)(\\d{1,2}W)?(\\d{1,2}D)?(T(?=.)(\\d{1,4}H)?(\\d{1,5}M)?(\\d{1,7}S)?)?");
    private static final List<String> DAYS = Stream.of(DayOfWeek.values())
            .map(day -> day.name().toLowerCase(Locale.ROOT))
            .toList();

    private final OpenResourceRequest request;
    private final Faults faults = new Faults();

    private ResourceReading(OpenResourceRequest request) {
        this.request = request;
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    static Resource read(OpenResourceRequest request, UUID id, String tenant, Instant now) {
        var reading = new ResourceReading(request);
        return reading.resource(id, tenant, reading.zone(), 1, now);
    }

    /**
     * What {@code request} makes of an open resource.
     *
     * @param request the whole resource, as it is to be from now on
     * @throws dev.carillon.kit.problem.ProblemException 422 with every fault
     */
    static Resource change(OpenResourceRequest request, Resource resource) {
        return new ResourceReading(request).changed(resource);
    }

    /** What is booked was booked in the zone's time, and its reminders count in it. */
    private Resource changed(Resource resource) {
        if (!resource.zone().getId().equals(request.zone())) {
            faults.add("/zone", "cannot be changed: what is booked was booked in its time; open another resource");
        }
        return resource(
                resource.id(), resource.tenant(), resource.zone(), resource.revision() + 1, resource.createdAt());
    }

    private Resource resource(UUID id, String tenant, @Nullable ZoneId zone, int revision, Instant createdAt) {
        var name = name();
        var slotLength = duration("/slotLength", request.slotLength(), Duration.ofMinutes(1), LONGEST_SLOT);
        var buffer = orZero("/buffer", request.buffer(), LONGEST_SLOT);
        int capacity = request.capacity() == null ? 1 : capacity(request.capacity());
        var horizon = horizon(request.horizon() == null ? "P60D" : request.horizon());
        var weekly = weekly(orNone(request.weekly()));
        var exceptions = exceptions(orNone(request.exceptions()));
        var reminders = reminders(orNone(request.reminders()));
        var rules = rules();
        var messages = new MessagesReading(faults).read(request.language(), request.templates());
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new Resource(
                id,
                tenant,
                Objects.requireNonNull(name),
                Objects.requireNonNull(zone),
                Objects.requireNonNull(slotLength),
                Objects.requireNonNull(buffer),
                capacity,
                horizon,
                weekly,
                exceptions,
                reminders,
                Objects.requireNonNull(rules),
                messages,
                revision,
                createdAt);
    }

    private @Nullable ZoneId zone() {
        if (request.zone() == null) {
            faults.add("/zone", "is required");
            return null;
        }
        return Zones.read("/zone", request.zone());
    }

    private static <T> List<@Nullable T> orNone(@Nullable List<@Nullable T> given) {
        return given == null ? List.<@Nullable T>of() : given;
    }

    private @Nullable String name() {
        var name = request.name() == null ? "" : request.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            faults.add("/name", "takes 1 to " + LONGEST_NAME + " characters");
            return null;
        }
        return name;
    }

    private @Nullable BookingRules rules() {
        var leadTime = orZero("/leadTime", request.leadTime(), LONGEST_RULE);
        var cancelNotice = orZero("/cancelNotice", request.cancelNotice(), LONGEST_RULE);
        var most = request.maxPerCustomer();
        if (most != null && (most < 1 || most > LARGEST_MAX_PER_CUSTOMER)) {
            faults.add("/maxPerCustomer", "takes 1 to " + LARGEST_MAX_PER_CUSTOMER);
        }
        return leadTime == null || cancelNotice == null ? null : new BookingRules(leadTime, cancelNotice, most);
    }

    private @Nullable Duration orZero(String pointer, @Nullable String text, Duration longest) {
        return text == null ? Duration.ZERO : duration(pointer, text, Duration.ZERO, longest);
    }

    private @Nullable Duration duration(String pointer, @Nullable String text, Duration least, Duration longest) {
        if (text == null) {
            faults.add(pointer, "is required");
            return null;
        }
        try {
            var read = Duration.parse(text);
            if (read.compareTo(least) < 0 || read.compareTo(longest) > 0 || read.getNano() != 0) {
                faults.add(pointer, "takes %s to %s, in whole seconds".formatted(least, longest));
            }
            return read;
        } catch (DateTimeException | ArithmeticException malformed) {
            faults.add(pointer, "is not a duration of ISO 8601, such as PT30M");
            return null;
        }
    }

    private int capacity(int given) {
        if (given < 1 || given > LARGEST_CAPACITY) {
            faults.add("/capacity", "takes 1 to " + LARGEST_CAPACITY + " places");
        }
        return given;
    }

    private Period horizon(String text) {
        try {
            var period = Period.parse(text);
            if (period.toTotalMonths() != 0 || period.getDays() < 1 || period.getDays() > LONGEST_HORIZON_DAYS) {
                faults.add("/horizon", "takes P1D to P" + LONGEST_HORIZON_DAYS + "D");
            }
            return period;
        } catch (DateTimeException | ArithmeticException malformed) {
            faults.add("/horizon", "is not a number of days in ISO 8601, such as P60D");
            return Period.ZERO;
        }
    }

    private List<Opening> weekly(List<@Nullable OpeningRequest> given) {
        if (given.size() > MOST_OPENINGS) {
            faults.add("/weekly", "takes up to " + MOST_OPENINGS + " openings");
            return List.of();
        }
        var read = new ArrayList<Opening>();
        for (int i = 0; i < given.size(); i++) {
            var pointer = "/weekly/" + i;
            var one = given.get(i);
            if (one == null || one.day() == null || !DAYS.contains(one.day())) {
                faults.add(pointer + "/day", "must be one of " + String.join(", ", DAYS));
            } else if (areHours(pointer, one.from(), one.to())) {
                read.add(new Opening(
                        DayOfWeek.valueOf(one.day().toUpperCase(Locale.ROOT)), opens(one.from()), closes(one.to())));
            }
        }
        return List.copyOf(read);
    }

    private List<DayException> exceptions(List<@Nullable ExceptionRequest> given) {
        if (given.size() > MOST_EXCEPTIONS) {
            faults.add("/exceptions", "takes up to " + MOST_EXCEPTIONS + " days");
            return List.of();
        }
        var read = new ArrayList<DayException>();
        for (int i = 0; i < given.size(); i++) {
            var exception = exception("/exceptions/" + i, given.get(i));
            if (exception != null) {
                read.add(exception);
            }
        }
        return List.copyOf(read);
    }

    private @Nullable DayException exception(String pointer, @Nullable ExceptionRequest given) {
        var date = given == null ? null : date(given.date());
        if (given == null || date == null) {
            faults.add(pointer + "/date", "is not a date, such as 2026-12-25");
            return null;
        }
        if (Boolean.TRUE.equals(given.closed())) {
            if (given.from() != null || given.to() != null) {
                faults.add(pointer, "is either closed, or open from and to");
            }
            return new DayException.Closed(date);
        }
        return areHours(pointer, given.from(), given.to())
                ? new DayException.Open(date, opens(given.from()), closes(given.to()))
                : null;
    }

    private static @Nullable LocalDate date(@Nullable String text) {
        try {
            return text == null || text.length() != 10 ? null : LocalDate.parse(text);
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    private boolean areHours(String pointer, @Nullable String from, @Nullable String to) {
        boolean fromIsTime = isTime(pointer + "/from", from) && !"24:00".equals(from);
        boolean toIsTime = isTime(pointer + "/to", to);
        if (fromIsTime && toIsTime && from != null && to != null && from.compareTo(to) < 0) {
            return true;
        }
        if (fromIsTime && toIsTime) {
            faults.add(pointer, "opens before it closes; hours over midnight are two, up to 24:00 and from 00:00");
        }
        return false;
    }

    private boolean isTime(String pointer, @Nullable String text) {
        boolean matches = text != null && TIME.matcher(text).matches();
        if (!matches) {
            faults.add(pointer, "is not a time of day, such as 09:00");
        }
        return matches;
    }

    private static LocalTime opens(@Nullable String from) {
        return LocalTime.parse(Objects.requireNonNull(from));
    }

    private static Duration closes(@Nullable String to) {
        return HoursJson.sinceMidnight(Objects.requireNonNull(to));
    }

    private List<String> reminders(List<@Nullable String> given) {
        if (given.size() > MOST_REMINDERS || given.stream().distinct().count() != given.size()) {
            faults.add("/reminders", "takes up to " + MOST_REMINDERS + ", no two alike");
            return List.of();
        }
        var read = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            var text = given.get(i);
            if (text == null || !isLead(text)) {
                faults.add("/reminders/" + i, "is not a time before the start, such as P1D or PT1H, up to P60D");
            } else {
                read.add(text);
            }
        }
        return List.copyOf(read);
    }

    /** Whether it is a positive period of days, or a positive duration, of at most 60 days, written in the one way that consumers read. */
    private static boolean isLead(String text) {
        if (!LEAD.matcher(text).matches()) {
            return false;
        }
        try {
            var origin = LocalDate.EPOCH.atStartOfDay();
            var before = text.contains("T") ? origin.minus(Duration.parse(text)) : origin.minus(Period.parse(text));
            return before.isBefore(origin)
                    && !before.toInstant(ZoneOffset.UTC)
                            .isBefore(origin.minusDays(60).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException | ArithmeticException malformed) {
            return false;
        }
    }
}
