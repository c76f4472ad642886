package dev.carillon.kit.telemetry;

import java.util.List;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A category of the log whose lines have fields: ids by which what happened to one message or booking is found in the logs of all services. In a line of JSON they
 * stand under {@code mdc}. They are the line's alone: nothing is put where another line, or another request, would find it. A line whose level is off costs a look
 * at the level, and no memory.
 *
 * <p>Never a field: names, addresses, contents, queries of URLs. What the fields are called is said in docs/operating/logs.md.
 */
public final class LogCategory {
    /** Requests that have ended. */
    public static final LogCategory REQUESTS = named("carillon.requests");

    /** Attempts that have ended, and deliveries that came to their end, or are held, without one. */
    public static final LogCategory DELIVERIES = named("carillon.deliveries");

    /** What is told of messages, once it is committed. */
    public static final LogCategory MESSAGES = named("carillon.messages");

    /** What is told of bookings, once it is committed. */
    public static final LogCategory BOOKINGS = named("carillon.bookings");

    /** All other events as they are committed, and every event as it is published and applied. */
    public static final LogCategory EVENTS = named("carillon.events");

    private static final String TRACE_ID = "traceId";
    private static final List<String> OF_A_SPAN = List.of("spanId", "parentId", "sampled");

    private final Logger logger;

    private LogCategory(Logger logger) {
        this.logger = logger;
    }

    /** Makes those above exist, so that their levels can be changed before anything was said in them. */
    public static void makeAll() {
        // They are made with this class.
    }

    public static LogCategory named(String name) {
        return new LogCategory(LogContext.getLogContext().getLogger(name));
    }

    /** The one in which a class says what is its own. */
    public static LogCategory of(Class<?> speaker) {
        return named(speaker.getName());
    }

    /** For whoever would have to look something up for a line that is then not written. */
    public boolean isDebug() {
        return logger.isLoggable(Level.DEBUG);
    }

    public Line debug() {
        return line(Level.DEBUG);
    }

    public Line info() {
        return line(Level.INFO);
    }

    public Line warn() {
        return line(Level.WARN);
    }

    public Line error() {
        return line(Level.ERROR);
    }

    private Line line(Level level) {
        return logger.isLoggable(level)
                ? new Said(logger, new ExtLogRecord(level, "", FormatStyle.PRINTF, LogCategory.class.getName()))
                : Unsaid.INSTANCE;
    }

    /** A line to be; it is written by {@link #say}, and not before. Its other calls add to it and give it back. */
    public sealed interface Line {
        /** A field; none when there is no value. */
        Line with(String field, @Nullable Object value);

        /** The trace that it is about, whichever is active; without an id it is in the active one, if there is one. */
        Line in(@Nullable String traceId);

        /** Adds the stack trace of {@code failure}. */
        Line because(Throwable failure);

        /** @param text as {@link String#format} takes it */
        void say(String text, @Nullable Object... values);
    }

    private record Said(Logger logger, ExtLogRecord line) implements Line {
        @Override
        public Line with(String field, @Nullable Object value) {
            if (value != null) {
                line.putMdc(field, value.toString());
            }
            return this;
        }

        @Override
        public Line in(@Nullable String traceId) {
            if (traceId != null && !traceId.equals(line.getMdc(TRACE_ID))) {
                line.putMdc(TRACE_ID, traceId);
                // The span that is active is of another trace.
                OF_A_SPAN.forEach(line::removeMdc);
            }
            return this;
        }

        @Override
        public Line because(Throwable failure) {
            line.setThrown(failure);
            return this;
        }

        @Override
        public void say(String text, @Nullable Object... values) {
            line.setMessage(text, FormatStyle.PRINTF);
            line.setParameters(values);
            logger.logRaw(line);
        }
    }

    /** Whose level is off. */
    private enum Unsaid implements Line {
        INSTANCE;

        @Override
        public Line with(String field, @Nullable Object value) {
            return this;
        }

        @Override
        public Line in(@Nullable String traceId) {
            return this;
        }

        @Override
        public Line because(Throwable failure) {
            return this;
        }

        @Override
        public void say(String text, @Nullable Object... values) {}
    }
}
