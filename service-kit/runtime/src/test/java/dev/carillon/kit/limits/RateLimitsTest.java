package dev.carillon.kit.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();

    @Test
    void each_principal_has_a_rate_of_its_own_and_names_are_those_of_their_tenant() {
        var limits = limits(Map.of("carillon.limits.principal.rate", "1", "carillon.limits.principal.burst", "1"));
        assertThat(limits.count("acme", "ana")).isNull();
        assertThat(limits.count("acme", "bob")).isNull();
        assertThat(limits.count("globex", "ana")).isNull();

        var exceeded = Objects.requireNonNull(limits.count("acme", "ana"));
        assertThat(exceeded.limit()).isEqualTo(Limit.PRINCIPAL);
        now.set(SECOND);
        assertThat(limits.count("acme", "ana")).isNull();
    }

    @Test
    void a_tenants_principals_share_its_rate_and_what_one_is_refused_costs_the_others_nothing() {
        var limits = limits(Map.of(
                "carillon.limits.principal.rate", "0.1",
                "carillon.limits.principal.burst", "2",
                "carillon.limits.tenant.rate", "0.1",
                "carillon.limits.tenant.burst", "3"));
        for (int n = 0; n < 10; n++) {
            limits.count("acme", "greedy");
        }
        assertThat(limits.count("acme", "ana")).isNull();
        assertThat(Objects.requireNonNull(limits.count("acme", "bob")).limit()).isEqualTo(Limit.TENANT);
        assertThat(limits.count("globex", "bob")).isNull();
    }

    @Test
    void a_tenant_may_have_rates_of_its_own() {
        var limits = limits(Map.of(
                "carillon.limits.tenants.thrifty.principal.rate", "0.5",
                "carillon.limits.tenants.thrifty.principal.burst", "1"));
        assertThat(limits.count("thrifty", "ana")).isNull();
        assertThat(limits.count("thrifty", "ana")).isNotNull();
        for (int n = 0; n < 20_000; n++) {
            assertThat(limits.count("acme", "ana")).isNull();
        }
        assertThat(limits.count("acme", "ana")).isNotNull();
    }

    @Test
    void headers_say_what_is_granted_and_when_in_whole_seconds_and_never_too_early() {
        var exceeded = new Exceeded(Limit.TENANT, new Quota(10, 25), 1_000_000_001L);
        assertThat(exceeded.retryAfter()).isEqualTo(2);
        assertThat(exceeded.policyHeader()).isEqualTo("\"tenant\";q=25;w=3");
        assertThat(exceeded.stateHeader()).isEqualTo("\"tenant\";r=0;t=2");
        assertThat(new Exceeded(Limit.PRINCIPAL, new Quota(10_000, 1), 1).retryAfter())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "carillon.limits.principal.rate, 0",
        "carillon.limits.principal.rate, NaN",
        "carillon.limits.principal.burst, 0",
        "carillon.limits.tenant.rate, -1",
        "carillon.limits.tenant.rate, 0.1"
    })
    void a_rate_that_grants_nothing_or_a_burst_that_takes_days_is_refused_by_name(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(Map.of(name, value)))
                .withMessageContaining(name.substring(0, name.lastIndexOf('.')));
    }

    private RateLimits limits(Map<String, String> settings) {
        return new RateLimits(new Quotas(settings(settings)), now::get);
    }

    static LimitSettings settings(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(LimitSettings.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(LimitSettings.class);
    }
}
