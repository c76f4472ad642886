package dev.carillon.booking.availability;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a resource's customers are written to.
 *
 * @param language BCP 47: how days and months are called in its templates, for customers who have no language of their own; null for English
 * @param templates what is said instead of the standard words
 */
public record Messages(@Nullable String language, Map<MessagePurpose, MessageTemplate> templates) {
    /** In English, and in the standard words. */
    public static final Messages STANDARD = new Messages(null, Map.of());
}
