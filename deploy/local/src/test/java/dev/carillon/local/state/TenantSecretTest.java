package dev.carillon.local.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TenantSecretTest {

    @Test
    void a_tenant_s_secret_is_the_one_that_delivery_signs_with() {
        // The same values as in delivery's WebhookSignerTest.
        String installation = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

        assertThat(TenantSecret.of(installation, "acme"))
                .isEqualTo("whsec_JPu66kWY9qENuwMEw3p0MMwvwXyLUjwfcVXvZ192TJo=");
        assertThat(TenantSecret.of(installation, "other"))
                .isEqualTo("whsec_1aoeU80y6NXoK0DSO0Hah19BjyBcEAqJcYWz3JXn+l0=");
    }
}
