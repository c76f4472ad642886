package dev.carillon.scheduler.reminder;

import dev.carillon.scheduler.template.Texts;
import java.util.Locale;
import java.util.Map;

/**
 * What a resource's notices say.
 *
 * @param locale of what is filled in: the customer's language, else the resource's
 * @param templates by the purposes of notices; what has none is said in the standard words
 */
public record NoticeWords(Locale locale, Map<String, Texts> templates) {
    /** All in the standard words. */
    public static final NoticeWords STANDARD = new NoticeWords(Locale.ENGLISH, Map.of());
}
