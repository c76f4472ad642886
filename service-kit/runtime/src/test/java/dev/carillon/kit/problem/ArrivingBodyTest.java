package dev.carillon.kit.problem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ArrivingBodyTest {
    private static final int MOST = 100;

    private final AtomicLong together = new AtomicLong();

    @Test
    void who_sends_little_is_not_refused_for_those_who_send_much() {
        var large = arriving(ArrivingBody.NOT_COUNTED + MOST);
        assertThat(large.isBeyond(MOST)).isFalse();
        large.add(Buffer.buffer("x"));
        assertThat(large.isBeyond(MOST)).isTrue();

        assertThat(arriving(ArrivingBody.NOT_COUNTED).isBeyond(MOST)).isFalse();
        assertThat(arriving(ArrivingBody.NOT_COUNTED + 1).isBeyond(MOST)).isTrue();
    }

    @Test
    void what_has_come_or_was_given_up_counts_no_more_however_often_it_is_said() {
        var first = arriving(ArrivingBody.NOT_COUNTED + MOST);
        var second = arriving(ArrivingBody.NOT_COUNTED + 1);
        first.end();
        first.end();
        assertThat(together).hasValue(1);
        assertThat(second.isBeyond(MOST)).isFalse();
        second.end();
        assertThat(together).hasValue(0);
    }

    @Test
    void it_is_what_has_come_in_its_order() {
        var body = new ArrivingBody(together);
        body.add(Buffer.buffer("to"));
        body.add(Buffer.buffer("gether"));
        assertThat(body.length()).isEqualTo(8);
        assertThat(new String(body.bytes(), US_ASCII)).isEqualTo("together");
    }

    private ArrivingBody arriving(int length) {
        var body = new ArrivingBody(together);
        body.add(Buffer.buffer(new byte[length]));
        return body;
    }
}
