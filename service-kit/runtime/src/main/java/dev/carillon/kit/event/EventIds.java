package dev.carillon.kit.event;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** UUID v7 (RFC 9562): ordered by time to the millisecond, random below. A bean, because a native image must not keep a seeded generator. */
@ApplicationScoped
public class EventIds {
    private final TimeBasedEpochRandomGenerator generator = Generators.timeBasedEpochRandomGenerator();

    public UUID next() {
        return generator.generate();
    }
}
