package dev.carillon.delivery.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemHostAddressesTest {

    @Test
    void a_known_name_has_addresses_and_an_unknown_one_fails_as_such() throws Exception {
        try (SystemHostAddresses hosts = new SystemHostAddresses()) {
            assertThat(hosts.of("localhost").toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isNotEmpty()
                    .allMatch(InetAddress::isLoopbackAddress);
            assertThatThrownBy(() ->
                            hosts.of("nowhere.invalid").toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(UnknownHostException.class);
        }
    }
}
