package dev.carillon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.contract.EventContract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTypesTest {
    @Test
    void what_is_counted_from_the_start_on_is_every_documented_type_of_the_service() {
        List<String> documented = Stream.of("carillon.delivery.", "carillon.endpoint.")
                .flatMap(prefix -> EventContract.typesOf(prefix).stream())
                .toList();

        assertThat(documented).isNotEmpty();
        assertThat(EventTypes.ALL).containsExactlyInAnyOrderElementsOf(documented);
    }
}
