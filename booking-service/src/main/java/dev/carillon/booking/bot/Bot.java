package dev.carillon.booking.bot;

import java.util.List;
import java.util.UUID;

/**
 * A tenant's bot.
 *
 * @param name the operator's name for it
 * @param id Telegram's own for it, which begins its token and is no secret
 * @param resources what it offers, in this order; empty for everything that the tenant has
 */
public record Bot(String name, long id, String tenant, List<UUID> resources) {
    public boolean offers(UUID resource) {
        return resources.isEmpty() || resources.contains(resource);
    }
}
