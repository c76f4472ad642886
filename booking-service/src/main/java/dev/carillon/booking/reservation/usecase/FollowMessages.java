package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.store.MessageNewsStore;
import dev.carillon.booking.reservation.store.MessageNewsStore.TenantNews;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/** Keeps what became of bookings' messages, so that staff can call whom a reminder did not reach. */
@ApplicationScoped
public class FollowMessages {
    private final MessageNewsStore store;

    public FollowMessages(MessageNewsStore store) {
        this.store = store;
    }

    /** In the transaction of the inbox; of each message the highest version counts. */
    public Uni<Void> apply(Tx tx, List<TenantNews> news) {
        var latest = new LinkedHashMap<UUID, TenantNews>();
        news.forEach(one -> latest.merge(one.news().messageId(), one, FollowMessages::later));
        return store.save(tx, List.copyOf(latest.values()));
    }

    private static TenantNews later(TenantNews one, TenantNews other) {
        return one.news().version() >= other.news().version() ? one : other;
    }
}
