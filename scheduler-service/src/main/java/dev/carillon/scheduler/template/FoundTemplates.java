package dev.carillon.scheduler.template;

import java.util.Map;
import java.util.Optional;

/** Templates that were looked up together. */
public record FoundTemplates(Map<Wanted, Template> found) {
    public static final FoundTemplates NONE = new FoundTemplates(Map.of());

    /** A template that a tenant's message or schedule names. */
    public record Wanted(String tenant, TemplateRef ref) {}

    /** None when the tenant has no such template, or the template no such version. Retired ones are there. */
    public Optional<Template> find(String tenant, TemplateRef ref) {
        return Optional.ofNullable(found.get(new Wanted(tenant, ref)));
    }
}
