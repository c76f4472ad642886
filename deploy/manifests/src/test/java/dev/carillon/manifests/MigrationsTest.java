package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MigrationsTest {
    private final Manifests production = Overlays.production();

    @Test
    void production_migrates_each_database_in_a_job_of_its_services_image_before_the_service_starts() {
        assertThat(Overlays.replicated()).allSatisfy(manifests -> assertThat(Migrations.problems(manifests))
                .isEmpty());
    }

    @Test
    void a_database_that_nobody_or_another_image_migrates_is_seen() {
        assertThat(Migrations.problems(production.without("Job", "migrate-booking")))
                .containsExactly("nobody migrates the database of booking");
        assertThat(Migrations.problems(
                        production.with("Job", "migrate-delivery", one -> spec(one, "/template/spec/containers/0")
                                .put("image", "carillon/delivery-service:old"))))
                .singleElement()
                .asString()
                .contains("another image");
        assertThat(Migrations.problems(production.with(
                        "Job", "migrate-scheduler", one -> spec(one, "/template/spec/containers/0/env/1")
                                .put("value", "false"))))
                .singleElement()
                .asString()
                .contains("does not end");
        assertThat(Migrations.problems(Overlays.local())).anyMatch(problem -> problem.contains("nobody migrates"));
    }
}
