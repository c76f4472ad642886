package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This node's intents that no call has followed yet. Each is taken once, by the call or by whoever finds its deadline passed: so what is withdrawn is
 * never called.
 */
@ApplicationScoped
public class UncalledIntents {
    private final Map<Intent, DeliveryStatus> intents = new ConcurrentHashMap<>();

    /** @param before what the delivery was before its intent */
    void add(Delivery inFlight, DeliveryStatus before) {
        intents.put(Intent.of(inFlight), before);
    }

    /** What it was before its intent, if that was not taken yet. */
    Optional<DeliveryStatus> take(Delivery inFlight) {
        return Optional.ofNullable(intents.remove(Intent.of(inFlight)));
    }
}
