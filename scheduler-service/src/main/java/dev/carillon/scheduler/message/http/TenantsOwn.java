package dev.carillon.scheduler.message.http;

import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.TemplateRef;
import java.util.Optional;

/**
 * What a request may draw on: its tenant's own.
 *
 * @param templates those that the request names, as far as they are there
 */
record TenantsOwn(String tenant, Senders senders, WebhookUrls webhooks, FoundTemplates templates) {
    Optional<Template> template(TemplateRef ref) {
        return templates.find(tenant, ref);
    }
}
