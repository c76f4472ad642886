package dev.carillon.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.log.LogLevels.Category;
import dev.carillon.kit.log.LogLevels.Outcome;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String PARENT = "test.log.levels";
    private static final String NAME = PARENT + ".Some";

    /** Kept, as a class keeps its own. */
    private final Logger logger = LogContext.getLogContext().getLogger(NAME);

    private final LogLevels levels = new LogLevels(VERTX);

    @AfterEach
    void endAll() {
        levels.end(new ShutdownEvent());
        logger.setLevel(null);
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_change_counts_at_once_for_a_category_and_those_below_it_and_says_who_made_it() {
        var changed = changed(PARENT, LogLevel.DEBUG, null);

        assertThat(logger.isLoggable(Level.DEBUG)).isTrue();
        assertThat(changed.level()).isEqualTo("DEBUG");
        assertThat(changed.inherited()).isFalse();
        assertThat(Objects.requireNonNull(changed.changed()).by()).isEqualTo("ann");
        assertThat(changed.changed().configured()).isNull();
        assertThat(changed.changed().until()).isNull();
        assertThat(levels.find(NAME)).hasValueSatisfying(below -> {
            assertThat(below.level()).isEqualTo("DEBUG");
            assertThat(below.inherited()).isTrue();
            assertThat(below.changed()).isNull();
        });
        assertThat(levels.all()).extracting(Category::name).contains(PARENT).doesNotContain(NAME);
    }

    @Test
    void it_goes_back_to_what_was_configured_however_often_it_was_changed() {
        logger.setLevel(Level.WARN);
        changed(NAME, LogLevel.DEBUG, null);
        assertThat(Objects.requireNonNull(changed(NAME, LogLevel.OFF, null).changed())
                        .configured())
                .isEqualTo("WARN");
        assertThat(logger.isLoggable(Level.ERROR)).isFalse();

        assertThat(levels.goBack(NAME)).isTrue();

        assertThat(logger.getLevel()).isEqualTo(Level.WARN);
        assertThat(levels.goBack(NAME)).isFalse();
    }

    @Test
    void it_goes_back_by_itself_when_its_time_is_over() {
        logger.setLevel(Level.WARN);
        var changed = changed(NAME, LogLevel.DEBUG, Duration.ofMillis(50));
        assertThat(Objects.requireNonNull(changed.changed()).until())
                .isEqualTo(changed.changed().at().plusMillis(50));

        await().atMost(Duration.ofSeconds(10)).until(() -> logger.getLevel().equals(Level.WARN));

        assertThat(levels.find(NAME).orElseThrow().changed()).isNull();
    }

    @Test
    void the_end_of_a_change_leaves_one_that_came_after_it_alone() {
        changed(NAME, LogLevel.DEBUG, Duration.ofMillis(50));
        changed(NAME, LogLevel.ERROR, Duration.ofDays(1));
        changed(PARENT, LogLevel.WARN, Duration.ofMillis(50));

        // The later timer of the same length has fired, and so would have the earlier one.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> levels.find(PARENT).orElseThrow().changed() == null);

        assertThat(logger.getLevel()).isEqualTo(Level.ERROR);
    }

    @Test
    void a_category_that_no_logger_has_is_none() {
        for (String none : new String[] {
            "test.log.level", "test.log.levels.Some.Other", "", ".", "test..log", "a b", "x".repeat(300)
        }) {
            assertThat(levels.change(none, LogLevel.DEBUG, null, "ann")).isInstanceOf(Outcome.Unknown.class);
            assertThat(levels.find(none)).isEmpty();
        }
    }

    @Test
    void the_audit_cannot_be_silenced() {
        var audit = LogContext.getLogContext().getLogger("carillon.audit");
        assertThat(levels.change("carillon.audit", LogLevel.OFF, null, "ann")).isInstanceOf(Outcome.Audited.class);
        assertThat(audit.isLoggable(Level.INFO)).isTrue();
    }

    @Test
    void the_root_is_above_all() {
        var before = LogContext.getLogContext().getLogger("").getLevel();
        changed("root", LogLevel.ERROR, null);
        assertThat(logger.isLoggable(Level.WARN)).isFalse();
        assertThat(levels.all()).extracting(Category::name).contains("root");

        levels.goBack("root");

        assertThat(LogContext.getLogContext().getLogger("").getLevel()).isEqualTo(before);
    }

    @Test
    void so_many_are_changed_at_once_and_no_more() {
        var kept = new Logger[LogLevels.MOST_CHANGES + 1];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = LogContext.getLogContext().getLogger(PARENT + ".many.N" + i);
            var outcome = levels.change(kept[i].getName(), LogLevel.DEBUG, null, "ann");
            assertThat(outcome).isInstanceOf(i < LogLevels.MOST_CHANGES ? Outcome.Done.class : Outcome.TooMany.class);
        }
        // One that is changed already may be changed again.
        changed(kept[0].getName(), LogLevel.ERROR, null);
    }

    private Category changed(String category, LogLevel level, @Nullable Duration within) {
        var outcome = levels.change(category, level, within, "ann");
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).category();
    }
}
