package dev.carillon.delivery.endpoint.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * What signs a tenant's webhooks to plain addresses.
 *
 * @param secrets {@code whsec_…}, the newest first; a webhook has a signature of each
 */
@RegisterForReflection
public record WebhookSecretView(List<String> secrets) {}
