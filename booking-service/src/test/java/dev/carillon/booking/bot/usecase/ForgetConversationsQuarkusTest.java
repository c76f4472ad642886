package dev.carillon.booking.bot.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Chatter;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.TelegramStandIn;
import dev.carillon.kit.tx.Sweeps;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class ForgetConversationsQuarkusTest {
    private static final String CHATS = "SELECT count(*) FROM telegram_chat WHERE chat = ?";
    private static final String UPDATES = "SELECT count(*) FROM telegram_update WHERE update_id = ?";

    @Inject
    Sweeps sweeps;

    @Inject
    ForgetConversations forgotten;

    @Test
    void conversations_that_have_ended_and_updates_that_cannot_come_again_are_forgotten_and_no_others() {
        var ended = Chatter.with(TelegramStandIn.SECRET);
        var going = Chatter.with(TelegramStandIn.SECRET);
        var update = ended.message("/help");
        ended.send(update).expect(200);
        long id = update.at("/update_id").asLong();
        going.says("/bookings");
        var begun = going.message("/book");
        going.send(begun).expect(200);
        Rows.change(
                "UPDATE telegram_chat SET expires_at = clock_timestamp() + interval '1 min' WHERE chat = ?",
                going.chat());
        Rows.change("UPDATE telegram_update SET received_at = received_at - interval '3 days' WHERE update_id = ?", id);
        await().until(() -> Rows.count(
                        "SELECT count(*) FROM telegram_answer a JOIN telegram_chat c ON c.id = a.chat_id WHERE c.chat = ?",
                        ended.chat())
                == 0);

        sweeps.run(forgotten.conversations(1)).await().atMost(Duration.ofSeconds(30));
        sweeps.run(forgotten.updates(1)).await().atMost(Duration.ofSeconds(30));

        assertThat(Rows.count(CHATS, ended.chat())).isZero();
        assertThat(Rows.count(CHATS, going.chat())).isEqualTo(1);
        assertThat(Rows.count(UPDATES, id)).isZero();
        assertThat(Rows.count(UPDATES, begun.at("/update_id").asLong())).isEqualTo(1);
    }
}
