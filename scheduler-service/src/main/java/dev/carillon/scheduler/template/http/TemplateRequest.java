package dev.carillon.scheduler.template.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/templates}, as it comes; {@link TemplateReading} gives it its meaning or says what is wrong. */
@RegisterForReflection
public record TemplateRequest(
        @Nullable String name,
        @Nullable String subject,
        @Nullable String text,
        @Nullable String html,
        @Nullable String markdown) {}
