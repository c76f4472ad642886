package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is kept of conversations with customers, for whoever tells or forgets all that is kept of one. */
public interface ChatsOfCustomers {
    /**
     * A conversation that is, or was until a short time ago.
     *
     * @param chat Telegram's number of it
     * @param name as it was given for a booking that is not made yet; null before
     * @param expiresAt when it ends, after which it is forgotten
     */
    @RegisterForReflection
    record KeptChat(String chat, @Nullable String name, Instant expiresAt) {}

    /** Those in which a customer's bookings were made or are told of, newest first. */
    Uni<List<KeptChat>> of(String tenant, CustomerReference customer);

    /** The rows of these, locked until the transaction ends: before any booking's. */
    Uni<List<UUID>> lock(Tx tx, String tenant, CustomerReference customer);

    /** Forgets locked ones, with everything that is still to be said in them. */
    Uni<Void> erase(Tx tx, List<UUID> chats);
}
