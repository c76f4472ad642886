package dev.carillon.scheduler.recurrence.usecase;

import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.PATIENCE;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.definition;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.lastAt;
import static dev.carillon.scheduler.recurrence.usecase.ScheduleFixture.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.usecase.EndMessages;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule.Outcome;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an edit does with messages that are made already: each occurrence is sent by the old side or by the new one, never by both. */
@QuarkusTest
@TestProfile(Surroundings.class)
class EditedSchedulesQuarkusTest {
    @Inject
    ScheduleFixture on;

    @Inject
    ChangeSchedule changeSchedule;

    @Inject
    RunStore runs;

    @Inject
    MessageStore messages;

    @Inject
    EndMessages endMessages;

    @Inject
    Staging staging;

    @Test
    void a_schedule_that_is_edited_fires_what_is_due_before_the_edit_as_it_was_and_what_is_due_after_as_it_is() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(40), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var id = on.created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "old"), now);
        on.decidedUntil(id, now.minus(Duration.ofMinutes(1)));
        on.run(id);
        assertThat(on.texts(id)).containsExactly("old:scheduled");
        changed(id, definition(new Rule.RRule("FREQ=MINUTELY"), start, "new"));
        on.wakeAndWait(id);
        assertThat(on.texts(id)).contains("old:cancelled", "new:scheduled").hasSize(2);
    }

    @Test
    void an_edit_of_a_run_that_delivery_gives_up_is_fired_by_the_new_side_alone() {
        var id = on.handedOver("old");
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        var old = on.messages(id).getFirst();
        assertThat(old.message().status()).isEqualTo(Status.RECALLING);
        try (var delivery = new Delivery()) {
            delivery.says("recalled", old.id().toString(), 2, 0);
            await().atMost(PATIENCE).until(() -> on.texts(id).size() == 2);
        }
        assertThat(on.texts(id).stream().map(text -> text.split(":")[0] + (text.endsWith("cancelled") ? "-" : "+")))
                .containsExactlyInAnyOrder("old-", "new+");
        assertThat(on.messages(id).stream()
                        .map(one -> one.message().timing().dueAt())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void an_edit_of_a_run_that_delivery_does_not_give_up_leaves_it_to_the_old_side_alone() {
        var id = on.handedOver("old");
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        var old = on.messages(id).getFirst();
        try (var delivery = new Delivery()) {
            delivery.says("recall-refused", old.id().toString(), 2, 1);
            await().atMost(PATIENCE).until(() -> on.inTransaction(tx -> runs.withdrawn(tx, List.of(id)))
                    .isEmpty());
        }
        on.wakeAndWait(id);
        assertThat(on.texts(id)).singleElement().asString().startsWith("old:");
    }

    @Test
    void the_last_run_is_not_lost_when_it_is_edited_while_delivery_has_it() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now.plusSeconds(15), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var once = new Rule.RRule("FREQ=DAILY;COUNT=1");
        var id = on.created(definition(once, start, "old"), now);
        await().atMost(PATIENCE).until(() -> !on.messages(id).isEmpty());
        changed(id, definition(once, start, "new"));
        try (var delivery = new Delivery()) {
            delivery.says("recalled", on.messages(id).getFirst().id().toString(), 2, 0);
            await().atMost(PATIENCE).until(() -> on.texts(id).size() == 2);
        }
        assertThat(on.texts(id).stream().filter(text -> text.startsWith("new"))).hasSize(1);
        await().atMost(PATIENCE).until(() -> on.stored(id).state() == State.ENDED);
    }

    @Test
    void a_run_that_its_client_has_cancelled_stays_cancelled_when_its_schedule_is_edited_meanwhile() {
        var id = on.handedOver("old");
        var cancelled = on.messages(id).getFirst().id();
        on.inTransaction(
                tx -> messages.lock(tx, List.of(cancelled)).chain(found -> endMessages.cancel(tx, found.getFirst())));
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        on.givenUp(id);
        on.wakeAndWait(id);
        assertThat(on.texts(id)).containsExactly("old:cancelled");
    }

    @Test
    void a_message_that_is_called_back_for_an_edit_is_unwanted_for_good_once_its_schedule_is_deleted() {
        var id = on.handedOver("old");
        changed(id, definition(new Rule.RRule("FREQ=DAILY"), start(id), "new"));
        assertThat(on.messages(id).getFirst().message().unwanted()).isFalse();
        changeSchedule.delete(target(id)).await().atMost(PATIENCE);
        assertThat(on.messages(id).getFirst().message().unwanted()).isTrue();
    }

    @Test
    void edits_that_race_with_firing_leave_one_message_for_each_occurrence() {
        var now = staging.now();
        var start = LocalDateTime.ofInstant(now, ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        var id = on.created(definition(new Rule.RRule("FREQ=MINUTELY"), start, "e0"), now);
        for (int n = 1; n <= 30; n++) {
            var text = "e" + n;
            var edit = CompletableFuture.runAsync(
                    () -> changed(id, definition(new Rule.RRule("FREQ=MINUTELY"), start, text)));
            CompletableFuture.runAsync(() -> on.run(id)).join();
            edit.join();
        }
        on.run(id);
        var alive = on.messages(id).stream()
                .filter(one -> one.message().status() != Status.CANCELLED
                        && one.message().status() != Status.RECALLING)
                .map(one -> one.message().timing().dueAt())
                .toList();
        assertThat(alive).doesNotHaveDuplicates();
    }

    private void changed(UUID id, Definition definition) {
        assertThat(changeSchedule
                        .change(target(id), definition, lastAt(definition))
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(Outcome.Changed.class);
    }

    private LocalDateTime start(UUID id) {
        return on.stored(id).definition().start();
    }
}
