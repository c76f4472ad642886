package dev.carillon.scheduler.template;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a version of a template says. */
public record Texts(
        @Nullable TemplateText subject,
        @Nullable TemplateText text,
        @Nullable TemplateText html) {

    /** The paths of all placeholders, each once. */
    public Set<String> placeholders() {
        var paths = new TreeSet<String>();
        Stream.of(subject, text, html).forEach(one -> {
            if (one != null) {
                paths.addAll(one.placeholders());
            }
        });
        return paths;
    }

    /** What a Telegram message is made of: the text, or the html of a template that has no other; it has no subject. */
    public Texts forTelegram() {
        return new Texts(null, text, text == null ? html : null);
    }

    /** Fills in the placeholders. What the data has and nothing asks for does no harm. */
    public Filling filledWith(Datum.Fields data) {
        return new FillingIn(data).fill(this);
    }
}
