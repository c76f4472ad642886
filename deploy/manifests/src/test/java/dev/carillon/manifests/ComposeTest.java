package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ComposeTest {
    @Test
    void compose_names_nothing_that_is_not_there() {
        assertThat(ComposeFile.problems(ComposeFile.text())).isEmpty();
    }

    @Test
    void to_look_whether_something_is_well_starts_no_jvm() {
        assertThat(ComposeFile.text().lines().filter(line -> line.strip().startsWith("test:")))
                .hasSizeGreaterThanOrEqualTo(6)
                .noneMatch(line -> line.contains("/opt/kafka/bin") || line.contains("java"));
    }

    @Test
    void whatever_does_not_end_by_itself_is_started_again_with_the_machine() {
        assertThat(ComposeFile.problems(ComposeFile.text().replace("restart: unless-stopped", "restart: on-failure")))
                .hasSize(10)
                .allMatch(problem -> problem.endsWith(" is not started again with the machine"))
                .noneMatch(problem -> problem.startsWith("topics "));
    }

    @Test
    void what_is_broken_in_it_is_seen() {
        var broken = Map.of(
                "image: postgres:18.6", "imagine: postgres:18.6",
                "CARILLON_DATABASE_NAME: booking", "CARILLON_DATABASE_NAM: booking",
                "CARILLON_SMTP_HOST: mail", "CARILLON_SMTP_HOST: male",
                "kafka: {condition: service_healthy}", "kafka: {condition: healthy}",
                "depends_on: [prometheus]", "depends_on: [promotheus]",
                "../observability/grafana/dashboards:", "../observability/grafana/dashbords:",
                "context: ../../booking-service", "context: ../../bookings",
                "${GRAFANA_PASSWORD:?}", "${GRAFANA_PASWORD:?}",
                "QUARKUS_HTTP_PORT: \"8083\"", "QUARKUS_HTTP_PORT: \"8089\"",
                "postgres:/var/lib/postgresql", "postgress:/var/lib/postgresql");
        assertThat(broken).allSatisfy((right, wrong) -> {
            assertThat(ComposeFile.text()).contains(right);
            assertThat(ComposeFile.problems(ComposeFile.text().replace(right, wrong)))
                    .as(wrong)
                    .isNotEmpty();
        });
    }
}
