package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InboxTest {

    private final Inbox inbox = new Inbox();

    @Test
    void keeps_the_newest_and_never_more_than_its_bounds() {
        for (int i = 0; i < Inbox.KEPT + 10; i++) {
            add(100);
        }
        assertThat(inbox.matching(any -> true, Integer.MAX_VALUE)).hasSize(Inbox.KEPT);
        assertThat(inbox.matching(any -> true, 2)).extracting(Received::id).containsExactly(20_009L, 20_010L);

        add((int) Inbox.KEPT_BYTES);
        assertThat(inbox.matching(any -> true, Integer.MAX_VALUE)).hasSize(1);
    }

    private void add(int size) {
        inbox.add(Channel.WEBHOOK, Instant.EPOCH, true, size, new JsonObject());
    }
}
