package dev.carillon.relay.deadletter.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoteTest {
    /** What a broker keeps as an offset's metadata ({@code offset.metadata.max.bytes}). */
    private static final int MOST = 4_096;

    @Test
    void a_note_is_read_as_it_was_written_with_the_key_of_its_request_or_without() {
        var keyed = note("operator", "order 4711+%\"");
        assertThat(Note.read(keyed.written())).contains(keyed);
        assertThat(Note.read(keyed.asStopped().written())).contains(keyed.asStopped());
        var unkeyed = note("operator", null);
        assertThat(Note.read(unkeyed.written())).contains(unkeyed);
    }

    @Test
    void the_longest_note_is_kept_by_a_broker() {
        assertThat(note("\u6f22".repeat(300), "%".repeat(255)).written()).hasSizeLessThan(MOST);
    }

    @Test
    void what_is_no_note_is_passed_over() {
        assertThat(Note.read(null)).isEmpty();
        assertThat(Note.read("")).isEmpty();
        assertThat(Note.read(note("operator", "key").written() + " more")).isEmpty();
        assertThat(Note.read("a b c d e f g")).isEmpty();
    }

    private static Note note(String operator, @Nullable String key) {
        return new Note(UUID.randomUUID(), 50, operator, Instant.parse("2026-11-27T06:00:00Z"), 40, 80, false, key);
    }
}
