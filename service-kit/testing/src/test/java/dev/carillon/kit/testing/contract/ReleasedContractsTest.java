package dev.carillon.kit.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReleasedContractsTest {
    static Iterable<String> released() {
        return EventContract.releasedTypes();
    }

    @Test
    void every_type_has_a_released_form_and_none_is_gone() {
        assertThat(EventContract.types())
                .as(
                        "a new type is released by a copy of its schema in docs/contracts/events/released; a released one is never removed")
                .isEqualTo(EventContract.releasedTypes());
    }

    @ParameterizedTest
    @MethodSource("released")
    void whoever_reads_the_released_form_reads_the_present_one(String type) {
        assertThat(SchemaComparison.breaches(
                        EventContract.released(type), EventContract.of(type).document()))
                .as("changes of %s that break those who read it: they want a new version in type and topic", type)
                .isEmpty();
    }
}
