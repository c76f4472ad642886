package dev.carillon.delivery.support;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import java.time.Duration;
import java.util.UUID;

/** Attempts to send in tests. */
public final class Outbounds {

    public static final UUID MESSAGE = UUID.fromString("019ab0e2-7c11-7d3a-9e77-3f2a5d1c0b42");

    private Outbounds() {}

    public static Outbound to(Destination destination, Content content) {
        return within(Duration.ofSeconds(10), destination, content);
    }

    public static Outbound within(Duration timeout, Destination destination, Content content) {
        return new Outbound(MESSAGE, 1, "acme", UUID.randomUUID(), 1, destination, content, timeout);
    }

    /** One whose message expires so soon. */
    public static Outbound expiring(Duration sendBefore, Destination destination, Content content) {
        return new Outbound(
                MESSAGE, 1, "acme", UUID.randomUUID(), 1, destination, content, Duration.ofSeconds(10), sendBefore);
    }

    /** A tenant's within a time. */
    public static Outbound of(String tenant, Duration timeout, Destination destination, Content content) {
        return new Outbound(MESSAGE, 1, tenant, UUID.randomUUID(), 1, destination, content, timeout);
    }

    /** A tenant's; what the others make is the tenant acme's. */
    public static Outbound of(String tenant, Destination destination, Content content) {
        return new Outbound(MESSAGE, 1, tenant, UUID.randomUUID(), 1, destination, content, Duration.ofSeconds(10));
    }
}
