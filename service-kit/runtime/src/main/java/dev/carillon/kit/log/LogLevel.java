package dev.carillon.kit.log;

import java.util.Arrays;
import java.util.Optional;
import org.jboss.logmanager.Level;

/** What can be asked for. No {@code TRACE}: the build leaves such lines out ({@code quarkus.log.min-level}). */
public enum LogLevel {
    DEBUG(Level.DEBUG),
    INFO(Level.INFO),
    WARN(Level.WARN),
    ERROR(Level.ERROR),
    OFF(java.util.logging.Level.OFF);

    private final java.util.logging.Level level;

    LogLevel(java.util.logging.Level level) {
        this.level = level;
    }

    static Optional<LogLevel> named(String name) {
        return Arrays.stream(values()).filter(one -> one.name().equals(name)).findFirst();
    }

    java.util.logging.Level level() {
        return level;
    }
}
