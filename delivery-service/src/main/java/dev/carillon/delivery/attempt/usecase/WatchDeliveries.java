package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.attempt.store.DeliveryReader.Attempted;
import dev.carillon.kit.stream.Watches;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;

/** Shows deliveries with their attempts as they change, until they end; see {@link Watches}. */
@ApplicationScoped
public class WatchDeliveries {
    private final Watches<Attempted> watches;

    public WatchDeliveries(Vertx vertx, DeliveryReader deliveries, DeliverySettings settings, MeterRegistry metrics) {
        this.watches = new Watches<>(
                vertx,
                new Watches.Limits(settings.streams(), settings.streamsOfTenant()),
                new OfDeliveries(),
                deliveries::findLater,
                metrics);
    }

    /** @throws dev.carillon.kit.tx.Overloaded when as many watch as may, in all or of one tenant */
    public void admit(String tenant) {
        watches.admit(tenant);
    }

    /** The states of a delivery that are later than {@code seen}, from {@code known} on, up to its end. */
    public Multi<Attempted> states(Attempted known, long seen) {
        return watches.states(known, seen);
    }

    /** Whether nothing comes after it, unless it is redriven. */
    public static boolean isEnd(Attempted state) {
        return DeliveryStatus.of(state.delivery().status).isEnd();
    }

    void stop(@Observes ShutdownEvent stopping) {
        watches.stop();
    }

    private static final class OfDeliveries implements Watches.Shape<Attempted> {
        @Override
        public String tenant(Attempted state) {
            return state.delivery().tenant;
        }

        @Override
        public UUID id(Attempted state) {
            return state.id();
        }

        @Override
        public long version(Attempted state) {
            return state.delivery().version;
        }

        @Override
        public boolean isEnd(Attempted state) {
            return WatchDeliveries.isEnd(state);
        }
    }
}
