package dev.carillon.scheduler.message.http;

import dev.carillon.scheduler.message.http.ScheduleMessageRequest.ContentRequest;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.FoundTemplates.Wanted;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.store.TemplateStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks up the templates that requests name: all by one query, and at once when they name none. */
@ApplicationScoped
public class NamedTemplates {
    private final TemplateStore templates;

    public NamedTemplates(TemplateStore templates) {
        this.templates = templates;
    }

    public Uni<FoundTemplates> of(String tenant, @Nullable ScheduleMessageRequest request) {
        return request == null ? Uni.createFrom().item(FoundTemplates.NONE) : of(tenant, List.of(request));
    }

    Uni<FoundTemplates> of(String tenant, Collection<ScheduleMessageRequest> requests) {
        return templates.find(requests.stream()
                .flatMap(request -> named(request.content()).stream())
                .map(ref -> new Wanted(tenant, ref))
                .toList());
    }

    /** None when no template is named, or by what is no name. */
    static Optional<TemplateRef> named(@Nullable ContentRequest content) {
        return content == null || content.template() == null ? Optional.empty() : TemplateRef.read(content.template());
    }
}
