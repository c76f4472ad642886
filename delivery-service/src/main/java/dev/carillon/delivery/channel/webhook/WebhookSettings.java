package dev.carillon.delivery.channel.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How webhooks are sent. */
@ConfigMapping(prefix = "carillon.webhook")
public interface WebhookSettings {

    /**
     * {@code whsec_} and 24 to 64 bytes in base64: the installation's own secret, from which each tenant's is derived that signs what
     * goes to a plain address; while it is rotated, the new one and the old one. Without it no webhook goes to a plain address.
     */
    Optional<List<Secret<String>>> secret();

    /**
     * Networks that are reached although they are not on the public internet, such as {@code 127.0.0.0/8,::1/128}. Whoever
     * may schedule a message can make this service send a request there.
     */
    Optional<List<String>> allowedCidrs();

    /** The most that one call may take, dial and answer together. */
    @WithDefault("PT15S")
    Duration timeout();

    /** The most that connecting to one of a host's addresses may take before the next is tried. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** The most connections to one receiver: of a tenant to one address, without its query. Further calls to it wait, within their timeout. */
    @WithDefault("32")
    int poolSize();

    /**
     * The most connections to one host, all its addresses and all tenants together; at least as many as to one receiver. A tenant has a quarter of them at most. A call that
     * waits for one in vain is not an attempt.
     */
    @WithDefault("1024")
    int hostPoolSize();

    /** How long an unused connection is kept. Below the 5 s after which many servers close theirs. */
    @WithDefault("PT4S")
    Duration keepAlive();
}
