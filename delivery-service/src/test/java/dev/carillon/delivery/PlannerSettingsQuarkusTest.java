package dev.carillon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.support.ShortWaits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests of plans make them as the connections of services do, which is shown here. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class PlannerSettingsQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    Pool pool;

    @Test
    void connections_of_services_keep_their_plans_and_read_no_table_as_a_whole_where_there_is_another_way() {
        assertThat(setting("plan_cache_mode")).isEqualTo("force_generic_plan");
        assertThat(setting("enable_seqscan")).isEqualTo("off");
        assertThat(setting("jit")).isEqualTo("off");
    }

    private String setting(String name) {
        return pool.query("SHOW " + name)
                .execute()
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getString(0);
    }
}
