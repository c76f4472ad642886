package dev.carillon.booking.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CustomerTest {
    @Test
    void a_booking_that_is_written_into_a_log_tells_nobodys_name_or_address() {
        assertThat(Bookings.booked().toString())
                .contains("c-1")
                .doesNotContain("Ana")
                .doesNotContain("example.org");
    }
}
