package dev.carillon.scheduler.template.http;

import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.TemplateText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A template as clients see it, in one of its versions.
 *
 * @param latestVersion what the name alone stands for; the {@code ETag} of the latest
 * @param placeholders of all its texts, each once
 * @param createdAt when this version came
 * @param retiredAt since when nothing new may use the template
 */
@RegisterForReflection
public record TemplateView(
        String name,
        int version,
        int latestVersion,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable String markdown,
        Set<String> placeholders,
        Instant createdAt,
        @Nullable Instant retiredAt) {

    static TemplateView of(Template template) {
        var texts = template.texts();
        return new TemplateView(
                template.name(),
                template.version(),
                template.latest(),
                source(texts.subject()),
                source(texts.text()),
                source(texts.html()),
                source(texts.markdown()),
                texts.placeholders(),
                template.createdAt(),
                template.retiredAt());
    }

    private static @Nullable String source(@Nullable TemplateText text) {
        return text == null ? null : text.source();
    }
}
