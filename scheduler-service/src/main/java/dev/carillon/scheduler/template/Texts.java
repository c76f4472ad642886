package dev.carillon.scheduler.template;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a version of a template says. */
public record Texts(
        @Nullable TemplateText subject,
        @Nullable TemplateText text,
        @Nullable TemplateText html,
        @Nullable TemplateText markdown) {

    /** The paths of all placeholders, each once. */
    public Set<String> placeholders() {
        var paths = new TreeSet<String>();
        Stream.of(subject, text, html, markdown).forEach(one -> {
            if (one != null) {
                paths.addAll(one.placeholders());
            }
        });
        return paths;
    }

    /** What an e-mail is made of: all but the markdown, which mail programs do not read. */
    public Texts forEmail() {
        return new Texts(subject, text, html, null);
    }

    /** What a Telegram message is made of: the markdown, else the text, else the html; it has no subject. */
    public Texts forTelegram() {
        if (markdown != null) {
            return new Texts(null, null, null, markdown);
        }
        return new Texts(null, text, text == null ? html : null, null);
    }

    /** Fills in the placeholders. What the data has and nothing asks for does no harm. */
    public Filling filledWith(Datum.Fields data) {
        return new FillingIn(data).fill(this);
    }
}
