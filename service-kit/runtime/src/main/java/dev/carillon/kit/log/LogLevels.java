package dev.carillon.kit.log;

import dev.carillon.kit.telemetry.LogCategory;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.logmanager.LogContext;
import org.jspecify.annotations.Nullable;

/** The levels of this process's log categories: those of its settings, and what was changed since. */
@ApplicationScoped
public class LogLevels {
    /** The category that all others are under. */
    static final String ROOT = "root";

    /** Longer than anybody looks at a log for one thing; who forgets a change is spared at the latest then. */
    static final Duration LONGEST = Duration.ofDays(7);

    /** As many as one who looks for something needs; each holds a timer. */
    static final int MOST_CHANGES = 100;

    private static final Logger LOG = Logger.getLogger("carillon.audit");
    private static final String AUDIT = "carillon.audit";
    private static final int LONGEST_NAME = 255;
    private static final Pattern NAME = Pattern.compile("[\\w$-]+(\\.[\\w$-]+)*");

    private final Vertx vertx;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, Changed> changes = new TreeMap<>();

    public LogLevels(Vertx vertx) {
        this.vertx = vertx;
        LogCategory.makeAll();
    }

    /**
     * A category and the level that counts for it.
     *
     * @param level its own, or that of the nearest category above that has one
     * @param inherited whether it is that of one above
     * @param changed what was changed while the service ran, if anything was
     */
    public record Category(
            String name,
            String level,
            boolean inherited,
            @Nullable Change changed) {}

    /**
     * @param configured the level before, which it goes back to; null when it had none of its own
     * @param until when it goes back by itself; null when it does not
     */
    public record Change(
            String by,
            Instant at,
            @Nullable String configured,
            @Nullable Instant until) {}

    /** What became of a wish. */
    public sealed interface Outcome {
        record Done(Category category) implements Outcome {}

        /** No logger has this name, or one below it. */
        record Unknown() implements Outcome {}

        /** The audit is to be read whatever else is. */
        record Audited() implements Outcome {}

        /** As many categories as may be are changed already. */
        record TooMany() implements Outcome {}
    }

    /**
     * @param logger kept, so that its level is not collected with it
     * @param timer what ends it; null when nothing does by itself
     */
    private record Changed(
            org.jboss.logmanager.Logger logger,
            java.util.logging.@Nullable Level configured,
            Change change,
            @Nullable Long timer) {}

    /** Every category that has a level of its own. */
    public synchronized List<Category> all() {
        var found = new ArrayList<Category>();
        for (String name : names()) {
            var logger = LogContext.getLogContext().getLoggerIfExists(name);
            if (logger != null && logger.getLevel() != null) {
                found.add(category(shown(name), logger));
            }
        }
        return found;
    }

    /** Also of one that has no level of its own; empty for one that is none. */
    public synchronized Optional<Category> find(String category) {
        return isKnown(category)
                ? Optional.of(category(category, LogContext.getLogContext().getLogger(internal(category))))
                : Optional.empty();
    }

    /** @param within after which it goes back by itself; null for never */
    public synchronized Outcome change(String category, LogLevel level, @Nullable Duration within, String by) {
        if (isAudit(category)) {
            return new Outcome.Audited();
        }
        if (!isKnown(category)) {
            return new Outcome.Unknown();
        }
        var before = changes.get(category);
        if (before == null && changes.size() >= MOST_CHANGES) {
            return new Outcome.TooMany();
        }
        var logger = before == null ? LogContext.getLogContext().getLogger(internal(category)) : before.logger;
        var configured = before == null ? logger.getLevel() : before.configured;
        var now = clock.instant();
        var change = new Change(
                by,
                now,
                configured == null ? null : name(configured.intValue()),
                within == null ? null : now.plus(within));
        endTimer(before);
        @Nullable Long timer = within == null
                ? null
                : vertx.setTimer(Math.max(1, within.toMillis()), fired -> expire(category, change));
        changes.put(category, new Changed(logger, configured, change, timer));
        logger.setLevel(level.level());
        return new Outcome.Done(category(category, logger));
    }

    /** Gives a category back the level of the settings; false when it has it. */
    public synchronized boolean goBack(String category) {
        var changed = changes.remove(category);
        endTimer(changed);
        if (changed != null) {
            changed.logger.setLevel(changed.configured);
        }
        return changed != null;
    }

    /** Only if nobody has changed it again. */
    private synchronized void expire(String category, Change change) {
        var changed = changes.get(category);
        if (changed != null && changed.change.equals(change)) {
            goBack(category);
            LOG.infof("the time that was given: log-levels.restore %s: done", category);
        }
    }

    private void endTimer(@Nullable Changed changed) {
        if (changed != null && changed.timer != null) {
            vertx.cancelTimer(changed.timer);
        }
    }

    /** Loggers are the process's, and may outlive the service in it, as they do in tests. */
    synchronized void end(@Observes ShutdownEvent stopping) {
        List.copyOf(changes.keySet()).forEach(this::goBack);
    }

    private Category category(String name, org.jboss.logmanager.Logger logger) {
        var changed = changes.get(name);
        return new Category(
                name,
                name(logger.getEffectiveLevel()),
                logger.getLevel() == null,
                changed == null ? null : changed.change);
    }

    /** The one of {@link LogLevel}, or {@code TRACE}, that lets through what this does. */
    private static String name(int level) {
        for (LogLevel one : LogLevel.values()) {
            if (level <= one.level().intValue()) {
                return one == LogLevel.DEBUG && level < one.level().intValue() ? "TRACE" : one.name();
            }
        }
        return LogLevel.OFF.name();
    }

    private static boolean isAudit(String category) {
        return category.equals(AUDIT) || category.startsWith(AUDIT + ".");
    }

    private static boolean isKnown(String category) {
        if (category.equals(ROOT)) {
            return true;
        }
        return category.length() <= LONGEST_NAME
                && NAME.matcher(category).matches()
                && names().stream().anyMatch(name -> name.equals(category) || name.startsWith(category + "."));
    }

    private static TreeSet<String> names() {
        return new TreeSet<>(Collections.list(LogContext.getLogContext().getLoggerNames()));
    }

    private static String internal(String category) {
        return category.equals(ROOT) ? "" : category;
    }

    private static String shown(String name) {
        return name.isEmpty() ? ROOT : name;
    }
}
