package dev.carillon.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    private static final Path ROOT = Path.of("/repository");

    @Test
    void everything_is_started_once_in_the_repositorys_own_folder_by_default() {
        Options options = Options.from(ROOT, Map.of("SERVICES", "", "INSTANCES", ""));

        assertThat(options.services()).containsExactly(ServiceName.values());
        assertThat(options.explicit()).isFalse();
        assertThat(options.instances()).isEqualTo(1);
        assertThat(options.state()).isEqualTo(Path.of("/repository/deploy/local/.state"));
        assertThat(options.otlpEndpoint()).isEmpty();
        assertThat(options.runtime()).isEqualTo(ServiceRuntime.JVM);
        assertThat(options.javaOptions()).isEmpty();
    }

    @Test
    void services_get_further_options_for_their_java() {
        Options options = Options.from(ROOT, Map.of("CARILLON_JAVA_OPTIONS", " -XX:TieredStopAtLevel=1  -Xlog:gc "));

        assertThat(options.javaOptions()).containsExactly("-XX:TieredStopAtLevel=1", "-Xlog:gc");
    }

    @Test
    void services_are_started_in_order_whatever_the_order_of_their_names() {
        Options options = Options.from(ROOT, Map.of("SERVICES", "outbox-relay  scheduler"));

        assertThat(options.services()).containsExactly(ServiceName.SCHEDULER, ServiceName.OUTBOX_RELAY);
        assertThat(options.explicit()).isTrue();
    }

    @Test
    void all_ports_move_together() {
        Ports ports = Options.from(ROOT, Map.of("CARILLON_PORT_OFFSET", "1000")).ports();

        assertThat(ports.postgres()).isEqualTo(6433);
        assertThat(ports.kafka()).isEqualTo(10093);
        assertThat(ports.smtp()).isEqualTo(2025);
        assertThat(ports.providers()).isEqualTo(9090);
        assertThat(ports.service(ServiceName.BOOKING, 2)).isEqualTo(9183);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVICES,scheduler pigeon,SERVICES names pigeon",
        "INSTANCES,3,INSTANCES is 3",
        "INSTANCES,two,INSTANCES is two",
        "CARILLON_RUNTIME,wasm,'must be one of jvm, recording, native'",
        "CARILLON_PORT_OFFSET,-1,CARILLON_PORT_OFFSET is -1",
        "CARILLON_PORT_OFFSET,60000,from 0 to 50000"
    })
    void what_cannot_be_understood_is_named(String name, String value, String message) {
        assertThatThrownBy(() -> Options.from(ROOT, Map.of(name, value)))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining(message);
    }
}
