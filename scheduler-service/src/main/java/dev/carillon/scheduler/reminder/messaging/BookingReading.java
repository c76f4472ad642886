package dev.carillon.scheduler.reminder.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.scheduler.reminder.Booking;
import dev.carillon.scheduler.reminder.BookingStatus;
import dev.carillon.scheduler.reminder.Customer;
import dev.carillon.scheduler.reminder.NoticeWords;
import dev.carillon.scheduler.reminder.ReminderTime;
import dev.carillon.scheduler.template.TemplateText;
import dev.carillon.scheduler.template.Texts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads a booking from an event's payload. */
@ApplicationScoped
class BookingReading {
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record BookingPayload(
            @Nullable UUID bookingId,
            @Nullable String status,
            int places,
            int sequence,
            @Nullable ResourcePayload resource,
            @Nullable SlotPayload slot,
            @Nullable CustomerPayload customer,
            @Nullable List<String> reminders,
            @Nullable Map<String, TemplatePayload> templates,
            @Nullable Instant holdExpiresAt,
            @Nullable Instant bookedAt,
            @Nullable String calendar) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record ResourcePayload(
            @Nullable String name,
            @Nullable String zone,
            @Nullable String language) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record SlotPayload(@Nullable Instant startAt, @Nullable Boolean closed) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record TemplatePayload(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String markdown) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record CustomerPayload(
            @Nullable String name,
            @Nullable String email,
            @Nullable String telegramChatId,
            @Nullable String zone,
            @Nullable String language) {}

    /** Whoever came was booked: there is nothing more to send. */
    private static final Set<String> ATTENDED = Set.of("arrived", "checked-in", "fulfilled");

    private static final Logger LOG = Logger.getLogger(BookingReading.class);

    private final ObjectMapper json;

    BookingReading(ObjectMapper json) {
        this.json = json;
    }

    /** @throws UnreadableEvent when it is no booking */
    Booking read(Event event) {
        try {
            return booking(event, needed(event, json.readValue(event.payload(), BookingPayload.class), "booking"));
        } catch (IOException | DateTimeException | IllegalArgumentException unreadable) {
            throw new UnreadableEvent("The payload of " + event.type() + " is not readable", unreadable);
        }
    }

    private static <T> T needed(Event event, @Nullable T value, String name) {
        if (value == null) {
            throw new UnreadableEvent("The payload of " + event.type() + " has no " + name);
        }
        return value;
    }

    private static Booking booking(Event event, BookingPayload payload) {
        var status = status(needed(event, payload.status, "status"));
        var resource = needed(event, payload.resource, "resource");
        var slot = needed(event, payload.slot, "slot");
        var reminders = payload.reminders == null ? List.<String>of() : payload.reminders;
        return new Booking(
                needed(event, payload.bookingId, "bookingId"),
                event.tenant(),
                event.version(),
                status,
                payload.bookedAt != null,
                payload.places,
                payload.sequence,
                needed(event, resource.name, "resource.name"),
                ZoneId.of(needed(event, resource.zone, "resource.zone")),
                needed(event, slot.startAt, "slot.startAt"),
                Boolean.TRUE.equals(slot.closed),
                customer(event, needed(event, payload.customer, "customer")),
                reminders.stream()
                        .map(iso -> reminder(event, iso))
                        .flatMap(Optional::stream)
                        .toList(),
                words(event, payload, resource),
                status == BookingStatus.PROPOSED ? needed(event, payload.holdExpiresAt, "holdExpiresAt") : null,
                payload.calendar);
    }

    private static BookingStatus status(String wireName) {
        return ATTENDED.contains(wireName) ? BookingStatus.BOOKED : BookingStatus.of(wireName);
    }

    /** One that is not understood costs the customer that reminder, not every message of the booking. */
    private static Optional<ReminderTime> reminder(Event event, @Nullable String iso) {
        try {
            return Optional.of(ReminderTime.parse(String.valueOf(iso)));
        } catch (DateTimeException unreadable) {
            LOG.errorf("Booking %s has a reminder that is not understood and left out: %s", event.subject(), iso);
            return Optional.empty();
        }
    }

    private static NoticeWords words(Event event, BookingPayload payload, ResourcePayload resource) {
        var customer = needed(event, payload.customer, "customer");
        var tag = Stream.of(customer.language, resource.language)
                .filter(Objects::nonNull)
                .findFirst();
        var templates = new HashMap<String, Texts>();
        Objects.requireNonNullElse(payload.templates, Map.<String, TemplatePayload>of())
                .forEach((name, template) -> texts(event, template).ifPresent(texts -> templates.put(name, texts)));
        return new NoticeWords(tag.map(Locale::forLanguageTag).orElse(Locale.ENGLISH), templates);
    }

    /** One that is not understood costs the customer its words, not the message. */
    private static Optional<Texts> texts(Event event, @Nullable TemplatePayload template) {
        if (template == null) {
            return Optional.empty();
        }
        var subject = text(event, template.subject);
        var text = text(event, template.text);
        var html = text(event, template.html);
        var markdown = text(event, template.markdown);
        return text == null && html == null && markdown == null
                ? Optional.empty()
                : Optional.of(new Texts(subject, text, html, markdown));
    }

    private static @Nullable TemplateText text(Event event, @Nullable String source) {
        if (source == null) {
            return null;
        }
        return switch (TemplateText.read(source)) {
            case TemplateText.Reading.Understood(TemplateText text) -> text;
            case TemplateText.Reading.NotUnderstood(int position, String why) -> {
                LOG.errorf(
                        "Booking %s has a template that is not understood and left out: at %d it %s",
                        event.subject(), position, why);
                yield null;
            }
        };
    }

    private static Customer customer(Event event, CustomerPayload customer) {
        return new Customer(
                needed(event, customer.name, "customer.name"),
                customer.email,
                customer.telegramChatId,
                knownZone(customer.zone));
    }

    /** A zone that is not known here costs the customer its own time, not the message. */
    private static @Nullable ZoneId knownZone(@Nullable String zone) {
        try {
            return zone == null ? null : ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            return null;
        }
    }
}
