package dev.carillon.scheduler.message.store;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.scheduler.message.Message;
import java.util.UUID;

/** A message with the trace that created it, which all that happens to it continues. */
public record TracedMessage(Message message, TraceContext trace) {
    public UUID id() {
        return message.id();
    }

    /** The same trace, a later state. */
    public TracedMessage with(Message later) {
        return new TracedMessage(later, trace);
    }
}
