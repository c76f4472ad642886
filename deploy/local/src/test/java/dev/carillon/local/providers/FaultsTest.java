package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.SettableClock;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest {

    private final SettableClock clock = SettableClock.at("2026-11-27T09:00:00Z");
    private double dice = 0.5;
    private final Faults faults = new Faults(clock, () -> dice);

    @Test
    void befalls_its_share_of_its_channel_only() {
        inject("{'channel':'webhook','mode':'error','status':503,'share':0.3}");

        dice = 0.29;
        assertThat(faults.befalling(Channel.WEBHOOK, "")).isPresent();
        assertThat(faults.befalling(Channel.EMAIL, "")).isEmpty();
        dice = 0.3;
        assertThat(faults.befalling(Channel.WEBHOOK, "")).isEmpty();
    }

    @Test
    void befalls_only_webhooks_of_its_path_and_there_before_one_for_all() {
        inject("{'channel':'webhook','mode':'error'}");
        inject("{'channel':'webhook','mode':'hang','path':'/webhooks/slow'}");

        assertThat(faults.befalling(Channel.WEBHOOK, "/webhooks/slow/7"))
                .get()
                .satisfies(fault -> assertThat(fault.mode()).isEqualTo(Fault.Mode.HANG));
        assertThat(faults.befalling(Channel.WEBHOOK, "/webhooks/7")).get().satisfies(fault -> assertThat(fault.mode())
                .isEqualTo(Fault.Mode.ERROR));
        assertThat(faults.active()).hasSize(2);
    }

    @Test
    void ends_by_itself_when_its_time_is_over() {
        inject("{'channel':'email','mode':'hang','for':'PT30S'}");

        clock.advance(Duration.ofMillis(29_999));
        assertThat(faults.befalling(Channel.EMAIL, "")).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(faults.befalling(Channel.EMAIL, "")).isEmpty();
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void a_new_one_takes_the_place_of_the_channels_former_one() {
        inject("{'channel':'telegram','mode':'error'}");
        inject("{'channel':'telegram','mode':'rate-limit','retryAfter':'PT1.2S'}");

        assertThat(faults.active()).singleElement().satisfies(fault -> {
            assertThat(fault.mode()).isEqualTo(Fault.Mode.RATE_LIMIT);
            assertThat(fault.retryAfterSeconds()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {} | channel must be one of email, telegram, webhook
                    {'channel':'pigeon'} | channel must be one of
                    {'channel':7} | channel must be one of
                    {'channel':'email','mode':'sulk'} | mode must be one of error, rate-limit, slow, hang, reset
                    {'channel':'email','mode':'error','status':200} | status must be an SMTP reply code from 400 to 599
                    {'channel':'webhook','mode':'error','status':'503'} | status must be an HTTP status from 400 to 599
                    {'channel':'webhook','mode':'error','share':1.1} | share must be a number from 0 to 1
                    {'channel':'webhook','mode':'error','for':'soon'} | for must be an ISO 8601 duration
                    {'channel':'webhook','mode':'error','for':'PT-3S'} | for must be a positive
                    {'channel':'webhook','mode':'error','until':'now'} | unknown field until
                    {'channel':'webhook','mode':'error','path':'/'} | path must be a string that begins with /webhooks
                    {'channel':'email','mode':'error','path':'/webhooks/7'} | path is for the channel webhook only
                    """)
    void what_is_wrong_with_a_request_is_said(String request, String expected) {
        assertThatThrownBy(() -> inject(request)).isInstanceOf(BadRequest.class).hasMessageContaining(expected);
    }

    private void inject(String request) {
        faults.inject(FaultRequest.read(new JsonObject(request.replace('\'', '"')), clock.instant()));
    }
}
