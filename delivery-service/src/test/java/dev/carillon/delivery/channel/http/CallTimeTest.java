package dev.carillon.delivery.channel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.support.Outbounds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallTimeTest {
    private static final Destination CHAT = new Destination.Telegram("7");
    private static final Content TEXT = Content.Message.text("Hi");

    private static CallTime begunAgo(Duration ago) {
        return new CallTime(System.nanoTime() - ago.toNanos(), Duration.ofSeconds(10), Duration.ofSeconds(3));
    }

    @Test
    void a_tenth_of_the_time_is_left_for_the_answer() {
        var time = CallTime.of(Outbounds.within(Duration.ofSeconds(10), CHAT, TEXT));

        assertThat(time.toWrite()).isEqualTo(Duration.ofSeconds(9));
        assertThat(time.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void a_message_that_expires_may_be_written_until_then_and_be_answered_later() {
        var time = CallTime.of(Outbounds.expiring(Duration.ofSeconds(3), CHAT, TEXT));

        assertThat(time.toWrite()).isEqualTo(Duration.ofSeconds(3));
        assertThat(time.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void what_could_not_be_written_in_its_time_is_not_written_after_it() {
        assertThat(begunAgo(Duration.ofSeconds(1)).isWritable()).isTrue();
        assertThat(begunAgo(Duration.ofSeconds(1)).millisToWrite()).isBetween(1L, 2_000L);
        assertThat(begunAgo(Duration.ofSeconds(3)).isWritable()).isFalse();
        assertThat(begunAgo(Duration.ofSeconds(30)).millisToWrite())
                .as("for a timer")
                .isEqualTo(1);
        assertThat(begunAgo(Duration.ofSeconds(3)).millisLeft()).isBetween(1L, 7_000L);
    }
}
