package dev.carillon.booking.availability.http;

import dev.carillon.booking.availability.MessageTemplate;
import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.store.HoursJson;
import dev.carillon.booking.availability.store.HoursJson.ExceptionJson;
import dev.carillon.booking.availability.store.HoursJson.OpeningJson;
import dev.carillon.booking.availability.store.TemplatesJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A resource as clients see it.
 *
 * @param version the revision of the {@code ETag}: counts the client's own changes
 */
@RegisterForReflection
public record ResourceView(
        UUID id,
        int version,
        String name,
        String zone,
        Duration slotLength,
        int capacity,
        Duration buffer,
        Period horizon,
        List<OpeningJson> weekly,
        List<ExceptionJson> exceptions,
        List<String> reminders,
        Duration leadTime,
        Duration cancelNotice,
        @Nullable Integer maxPerCustomer,
        @Nullable String language,
        Map<String, MessageTemplate> templates,
        Instant createdAt) {
    static ResourceView of(Resource resource) {
        return new ResourceView(
                resource.id(),
                resource.revision(),
                resource.name(),
                resource.zone().getId(),
                resource.slotLength(),
                resource.capacity(),
                resource.buffer(),
                resource.horizon(),
                HoursJson.openings(resource.weekly()),
                HoursJson.exceptions(resource.exceptions()),
                resource.reminders(),
                resource.rules().leadTime(),
                resource.rules().cancelNotice(),
                resource.rules().maxPerCustomer(),
                resource.messages().language(),
                TemplatesJson.named(resource.messages().templates()),
                resource.createdAt());
    }
}
