package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.stream.Watches;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;

/** Shows messages as they change, until they end; see {@link Watches}. */
@ApplicationScoped
public class WatchMessages {
    private final Watches<TracedMessage> watches;

    public WatchMessages(Vertx vertx, MessageStore messages, SchedulerSettings settings, MeterRegistry metrics) {
        this.watches = new Watches<>(
                vertx,
                new Watches.Limits(settings.streams(), settings.streamsOfTenant()),
                new OfMessages(),
                messages::findLater,
                metrics);
    }

    /** @throws dev.carillon.kit.tx.Overloaded when as many watch as may, in all or of one tenant */
    public void admit(String tenant) {
        watches.admit(tenant);
    }

    /** The states of a message that are later than {@code seen}, from {@code known} on, up to its end. */
    public Multi<TracedMessage> states(TracedMessage known, long seen) {
        return watches.states(known, seen);
    }

    void stop(@Observes ShutdownEvent stopping) {
        watches.stop();
    }

    private static final class OfMessages implements Watches.Shape<TracedMessage> {
        @Override
        public String tenant(TracedMessage state) {
            return state.message().tenant();
        }

        @Override
        public UUID id(TracedMessage state) {
            return state.id();
        }

        @Override
        public long version(TracedMessage state) {
            return state.message().version();
        }

        @Override
        public boolean isEnd(TracedMessage state) {
            return state.message().status().isEnd();
        }
    }
}
