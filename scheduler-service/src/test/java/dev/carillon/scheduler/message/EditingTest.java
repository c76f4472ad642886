package dev.carillon.scheduler.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EditingTest {
    private static final Message STAGED = Messages.in(Status.STAGED);
    private static final Terms WANTED = new Terms(STAGED.content(), STAGED.timing(), null, Map.of("visit", "7"));
    private static final Message RECALLING = STAGED.recalledFor(WANTED);

    @Test
    void a_change_was_made_once_delivery_has_given_the_message_up() {
        var scheduled = RECALLING.givenUpFor(WANTED, 2);

        assertThat(Editing.wasMade(RECALLING, scheduled)).isTrue();
        assertThat(Editing.wasMade(RECALLING, scheduled.staged(Messages.DUE))).isTrue();
    }

    @Test
    void a_change_was_made_also_if_the_message_was_cancelled_before_anybody_looked() {
        var cancelled = RECALLING.givenUpFor(WANTED, 2).changedByClient(Status.CANCELLED, Progress.NONE);

        assertThat(Editing.wasMade(RECALLING, cancelled)).isTrue();
    }

    @Test
    void a_change_was_not_made_when_a_cancel_overtook_it_or_delivery_refused() {
        var overtaken = RECALLING.recalledToEnd().changedByDelivery(Status.CANCELLED, Progress.NONE);
        var refused = RECALLING.changedByDelivery(Status.DELIVERING, Progress.NONE);

        assertThat(Editing.wasMade(RECALLING, overtaken)).isFalse();
        assertThat(Editing.wasMade(RECALLING, refused)).isFalse();
    }
}
