package dev.carillon.scheduler.template;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A template in one of its versions.
 *
 * @param id of the template, whatever the version
 * @param version from 1; its texts never change
 * @param latest the version that the name alone stands for
 * @param createdAt when this version came
 * @param retiredAt since when nothing new may use it; what uses it already goes on
 */
public record Template(
        UUID id,
        String tenant,
        String name,
        int version,
        int latest,
        Texts texts,
        Instant createdAt,
        @Nullable Instant retiredAt) {

    public static Template created(UUID id, String tenant, String name, Texts texts, Instant now) {
        return new Template(id, tenant, name, 1, 1, texts, now, null);
    }

    /** The next version, which is the latest then; a template that was retired is in use again. */
    public Template changed(Texts later, Instant now) {
        return new Template(id, tenant, name, latest + 1, latest + 1, later, now, null);
    }

    public Template retired(Instant now) {
        return new Template(id, tenant, name, version, latest, texts, createdAt, now);
    }
}
