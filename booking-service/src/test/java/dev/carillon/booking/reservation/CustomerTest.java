package dev.carillon.booking.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CustomerTest {
    @Test
    void a_customer_is_meant_by_an_address_in_any_case_by_a_chat_or_by_an_id_which_may_begin_like_one_of_them() {
        assertThat(CustomerReference.of("email:Ana@Example.ORG"))
                .isEqualTo(new CustomerReference("email:Ana@Example.ORG", "ana@example.org", null));
        assertThat(CustomerReference.of("telegram:-47")).isEqualTo(new CustomerReference("telegram:-47", null, "-47"));
        assertThat(CustomerReference.of("c-1")).isEqualTo(new CustomerReference("c-1", null, null));
        assertThat(CustomerReference.of("ana@example.org"))
                .isEqualTo(new CustomerReference("ana@example.org", null, null));
        assertThat(CustomerReference.of("email:ana@example.org").toString()).doesNotContain("ana");
    }

    @Test
    void a_booking_that_is_written_into_a_log_tells_nobodys_name_or_address() {
        assertThat(Bookings.booked().toString())
                .contains("c-1")
                .doesNotContain("Ana")
                .doesNotContain("example.org");
    }
}
