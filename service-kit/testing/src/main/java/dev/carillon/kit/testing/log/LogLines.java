package dev.carillon.kit.testing.log;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/** What is said in a category until this is closed. */
public final class LogLines extends Handler implements AutoCloseable {
    /** @param fields what JSON has under {@code mdc} */
    public record Line(String level, String text, Map<String, String> fields) {}

    private final Logger logger;
    private final @Nullable Level before;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
    }

    /** At the level that it has. */
    public static LogLines of(Class<?> speaker) {
        return of(speaker.getName());
    }

    /** At the level that it has. */
    public static LogLines of(String category) {
        var lines = new LogLines(LogContext.getLogContext().getLogger(category));
        lines.logger.addHandler(lines);
        return lines;
    }

    /** At this level, until it is closed. */
    public static LogLines at(Level level, String category) {
        var lines = of(category);
        lines.logger.setLevel(level);
        return lines;
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    public List<String> said() {
        return lines.stream().map(Line::text).toList();
    }

    /** Whose messages and stack traces follow a line. */
    public List<Throwable> thrown() {
        return List.copyOf(thrown);
    }

    @Override
    public void publish(LogRecord record) {
        var line = ExtLogRecord.wrap(record);
        @Nullable Throwable failure = line.getThrown();
        if (failure != null) {
            thrown.add(failure);
        }
        lines.add(new Line(line.getLevel().getName(), line.getFormattedMessage(), Map.copyOf(line.getMdcCopy())));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
    }
}
