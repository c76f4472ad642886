package dev.carillon.booking.availability.http;

import dev.carillon.booking.availability.MessagePurpose;
import dev.carillon.booking.availability.MessageTemplate;
import dev.carillon.booking.availability.Messages;
import dev.carillon.booking.availability.Placeholders;
import dev.carillon.booking.availability.http.OpenResourceRequest.TemplateRequest;
import dev.carillon.booking.availability.http.OpenResourceRequest.TemplatesRequest;
import dev.carillon.kit.problem.Faults;
import java.util.EnumMap;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how a resource's customers are written to: what a template cannot be filled with is said now, and not when somebody is to be reminded. */
final class MessagesReading {
    /** Of all of a resource: every event about its bookings has them. */
    private static final int LONGEST_IN_ALL = 32_768;

    private static final int LONGEST_SUBJECT = 300;
    private static final int LONGEST_LANGUAGE = 35;

    private final Faults faults;

    /** @param faults gets what is wrong */
    MessagesReading(Faults faults) {
        this.faults = faults;
    }

    Messages read(@Nullable String language, @Nullable TemplatesRequest templates) {
        return new Messages(language(language), templates == null ? Map.of() : templates(templates));
    }

    private @Nullable String language(@Nullable String tag) {
        if (tag == null) {
            return null;
        }
        try {
            if (tag.isEmpty() || tag.length() > LONGEST_LANGUAGE) {
                throw new IllformedLocaleException(tag);
            }
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException malformed) {
            faults.add("/language", "is not a language tag of BCP 47, such as en or pt-BR");
            return null;
        }
    }

    private Map<MessagePurpose, MessageTemplate> templates(TemplatesRequest request) {
        var read = new EnumMap<MessagePurpose, MessageTemplate>(MessagePurpose.class);
        for (var purpose : MessagePurpose.values()) {
            var template = of(request, purpose);
            if (template != null) {
                read.put(purpose, template(purpose, template));
            }
        }
        int length = read.values().stream().mapToInt(MessagesReading::length).sum();
        if (length > LONGEST_IN_ALL) {
            faults.add("/templates", "take up to %d characters in all".formatted(LONGEST_IN_ALL));
        }
        return Map.copyOf(read);
    }

    private static @Nullable TemplateRequest of(TemplatesRequest request, MessagePurpose purpose) {
        return switch (purpose) {
            case CONFIRMATION -> request.confirmation();
            case REMINDER -> request.reminder();
            case MOVED -> request.moved();
            case CANCELLED -> request.cancelled();
            case SLOT_CLOSED -> request.slotClosed();
            case NO_SHOW -> request.noShow();
        };
    }

    private static int length(MessageTemplate words) {
        return length(words.subject()) + length(words.text()) + length(words.html()) + length(words.markdown());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private MessageTemplate template(MessagePurpose purpose, TemplateRequest request) {
        var pointer = "/templates/" + purpose.wireName();
        if (request.text() == null && request.html() == null) {
            faults.add(pointer, "needs text or html");
        }
        var subject = request.subject();
        if (subject != null
                && (subject.isBlank()
                        || subject.length() > LONGEST_SUBJECT
                        || subject.chars().anyMatch(Character::isISOControl))) {
            faults.add(pointer + "/subject", "takes 1 to " + LONGEST_SUBJECT + " characters and no line breaks");
        }
        check(purpose, pointer + "/subject", subject);
        check(purpose, pointer + "/text", request.text());
        check(purpose, pointer + "/html", request.html());
        check(purpose, pointer + "/markdown", request.markdown());
        return new MessageTemplate(subject, request.text(), request.html(), request.markdown());
    }

    private void check(MessagePurpose purpose, String pointer, @Nullable String text) {
        if (text == null) {
            return;
        }
        switch (Placeholders.of(text)) {
            case Placeholders.Found(var names) ->
                names.stream()
                        .filter(name -> !purpose.knows(name))
                        .sorted()
                        .forEach(name ->
                                faults.add(pointer, "has {%s}, for which there is nothing to fill in".formatted(name)));
            case Placeholders.Malformed(int position, String why) ->
                faults.add(pointer, "%s (at position %d, from 0)".formatted(why, position));
        }
    }
}
