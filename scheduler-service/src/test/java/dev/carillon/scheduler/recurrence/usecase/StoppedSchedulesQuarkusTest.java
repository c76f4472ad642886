package dev.carillon.scheduler.recurrence.usecase;

import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.PATIENCE;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.TENANT;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.definition;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.usecase.EditMessage;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule.Outcome;
import dev.carillon.scheduler.support.Surroundings;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.TemplateRef;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a pause and a deletion do with messages that are made already, and what comes of a pause when it is over. */
@QuarkusTest
@TestProfile(Surroundings.class)
class StoppedSchedulesQuarkusTest {
    @Inject
    ScheduleFixture on;

    @Inject
    ChangeSchedule changeSchedule;

    @Inject
    EditMessage editMessage;

    @Inject
    Staging staging;

    @Test
    void a_pause_withdraws_what_was_made_ahead_and_what_comes_in_it_is_skipped() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = on.created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "t"), now);
        on.run(id);
        assertThat(changeSchedule.pause(target(id), null).await().atMost(PATIENCE))
                .isInstanceOf(Outcome.Changed.class);
        assertThat(on.texts(id)).containsExactly("t:cancelled");
        on.decidedUntil(id, now.minus(Duration.ofHours(3)));
        on.run(id);
        assertThat(on.texts(id)).as("paused").containsExactly("t:cancelled");
        changeSchedule.resume(target(id), null).await().atMost(PATIENCE);
        on.wakeAndWait(id);
        assertThat(on.texts(id)).as("what was withdrawn is still ahead").contains("t:scheduled");
        assertThat(on.late(id)).as("what came during the pause").isEmpty();
    }

    @Test
    void a_deleted_schedule_takes_what_was_made_ahead_with_it() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = on.created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "t"), now);
        on.run(id);
        assertThat(changeSchedule.delete(target(id)).await().atMost(PATIENCE)).isInstanceOf(Outcome.Deleted.class);
        assertThat(on.texts(id)).containsExactly("t:cancelled");
    }

    @Test
    void what_a_pause_called_back_from_delivery_is_skipped_when_the_schedule_is_resumed_after_its_instant() {
        var id = on.handedOver("t");
        changeSchedule.pause(target(id), null).await().atMost(PATIENCE);
        assertThat(on.texts(id)).containsExactly("t:recalling");
        on.givenUp(id);
        sql(id, """
                UPDATE schedule SET start_local = start_local - interval '3 hours', decided_until = decided_until - interval '3 hours'
                WHERE id = $1
                """);
        sql(id, """
                UPDATE schedule_run SET local = local - interval '3 hours', due_at = due_at - interval '3 hours'
                WHERE schedule_id = $1
                """);
        changeSchedule.resume(target(id), null).await().atMost(PATIENCE);
        on.wakeAndWait(id);
        assertThat(on.texts(id)).containsExactly("t:cancelled");
    }

    @Test
    void a_deleted_schedule_takes_a_message_with_it_that_its_client_has_moved_to_later() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = on.created(definition(new Rule.RRule("FREQ=DAILY"), start, "t"), now);
        on.run(id);
        sql(id, "UPDATE schedule_run SET due_at = due_at - interval '3 hours' WHERE schedule_id = $1");
        changeSchedule.delete(target(id)).await().atMost(PATIENCE);
        assertThat(on.texts(id)).singleElement().isIn("t:cancelled", "t:recalling");
    }

    @Test
    void a_deleted_schedule_takes_a_message_with_it_that_its_client_is_about_to_move_to_later() {
        var id = on.handedOver("t");
        var moved = on.messages(id).getFirst();
        editMessage.edit(TENANT, moved.id(), null, later()).await().atMost(PATIENCE);
        sql(id, "UPDATE schedule_run SET due_at = due_at - interval '3 hours' WHERE schedule_id = $1");
        sql(
                id,
                "UPDATE message SET due_at = due_at - interval '3 hours' WHERE source_type = 'schedule' AND source_id = $1::uuid::text");
        changeSchedule.delete(target(id)).await().atMost(PATIENCE);
        on.givenUp(id);
    }

    private static EditMessage.Wish later() {
        return new EditMessage.Wish() {
            @Override
            public Optional<TemplateRef> template(Message message) {
                return Optional.empty();
            }

            @Override
            public Terms applied(Message message, FoundTemplates templates) {
                return later(message.terms());
            }
        };
    }

    private static Terms later(Terms terms) {
        var timing = terms.timing();
        return new Terms(
                terms.content(),
                new Timing(
                        timing.dueAt().plus(Duration.ofHours(9)),
                        timing.local().plusHours(9),
                        timing.zone(),
                        timing.tzdbVersion()),
                terms.expiresAt(),
                terms.metadata());
    }

    private void sql(UUID id, String statement) {
        on.inTransaction(tx -> tx.run(statement, Tuple.of(id)).replaceWithVoid());
    }
}
