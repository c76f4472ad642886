package dev.carillon.booking.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What a class says in the log until this is closed. */
public final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    public static LogLines of(Class<?> speaker) {
        var lines = new LogLines(Logger.getLogger(speaker.getName()));
        lines.logger.addHandler(lines);
        return lines;
    }

    public List<String> said() {
        return List.copyOf(said);
    }

    @Override
    public void publish(LogRecord line) {
        said.add(ExtLogRecord.wrap(line).getFormattedMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
