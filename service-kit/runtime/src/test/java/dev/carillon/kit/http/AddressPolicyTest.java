package dev.carillon.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

    private final AddressPolicy policy = new AddressPolicy(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "169.254.0.1",
                "168.63.129.16",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:0:7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b::808:808",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:2::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "4000::1",
                "8000::1"
            })
    void nothing_but_the_public_internet_is_reached(String address) throws UnknownHostException {
        assertThat(policy.refuses(InetAddress.getByName(address))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.255.255.255",
                "128.0.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.1",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "2001:4860:4860::8888",
                "2606:4700::1111",
                "2a00:1450::1"
            })
    void the_public_internet_is_reached(String address) throws UnknownHostException {
        assertThat(policy.refuses(InetAddress.getByName(address))).isEmpty();
    }

    @Test
    void an_allowed_range_is_reached_and_nothing_beside_it() throws UnknownHostException {
        AddressPolicy local = new AddressPolicy(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")));

        assertThat(local.refuses(InetAddress.getByName("127.0.0.1"))).isEmpty();
        assertThat(local.refuses(InetAddress.getByName("::ffff:127.9.9.9"))).isEmpty();
        assertThat(local.refuses(InetAddress.getByName("::1"))).isEmpty();
        assertThat(local.refuses(InetAddress.getByName("10.0.0.1"))).contains("a private network");
        assertThat(local.refusesLiterally(URI.create("http://localhost:8090/hook")))
                .isEmpty();
        assertThat(local.refusesLiterally(URI.create("http://[::1]:8090/hook"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://localhost/",
                "http://LOCALHOST:80/",
                "http://app.localhost./",
                // not what a webhook is
                "ftp://example.org/",
                "file:///etc/passwd",
                "gopher://example.org/",
                "mailto:a@example.org",
                "/hook",
                "http:/hook",
                "http://user:secret@example.org/",
                "http://@example.org/",
                "http://example.org:0/",
                "http://example.org:65536/",
                "http://example.org:/",
                "http:///hook",
                "http://a_b.example.org@10.0.0.1/"
            })
    @MethodSource("dev.carillon.kit.testing.http.InnerUrls#all")
    void what_can_only_be_wrong_is_refused_by_its_form(String url) {
        assertThat(policy.refusesLiterally(URI.create(url))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.org/in?a=b", "http://example.org", "HTTPS://Example.ORG:8443/",
                        "https://8.8.8.8/",
                "https://[2606:4700::1111]/", "https://1password.example/", "https://0x.example.org/", "https://a.b1/"
            })
    void what_may_be_right_is_left_to_the_dial(String url) {
        assertThat(policy.refusesLiterally(URI.create(url))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "::1/129", "example.org/8", "0x7f.0.0.0/8", "/8", ""})
    void a_range_is_read_strictly(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_range_of_everything_allows_everything_of_its_family() throws UnknownHostException {
        assertThat(Cidr.parse("0.0.0.0/0").contains(InetAddress.getByName("10.0.0.1")))
                .isTrue();
        assertThat(Cidr.parse("0.0.0.0/0").contains(InetAddress.getByName("::1")))
                .isFalse();
        assertThat(Cidr.parse("2001:db8::/33").contains(InetAddress.getByName("2001:db8:8000::")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,loopback",
        "0.0.0.0,unspecified",
        "10.0.0.1,private",
        "fd00::1,private",
        "169.254.169.254,metadata",
        "168.63.129.16,metadata",
        "169.254.0.1,link-local",
        "100.64.0.1,shared",
        "224.0.0.1,multicast",
        "255.255.255.255,broadcast",
        "240.0.0.1,reserved",
        "198.18.0.1,benchmarking",
        "192.0.2.1,documentation",
        "64:ff9b::7f00:1,embedded",
        "4000::1,not-public",
    })
    void each_refusal_of_an_address_has_the_word_of_its_range(String address, String range) {
        assertThat(policy.refuses(Cidr.literal(address).orElseThrow()).map(AddressPolicy::rangeOf))
                .contains(range);
    }

    @Test
    void a_refusal_of_a_url_s_form_is_of_no_range() {
        assertThat(policy.refusesLiterally(URI.create("ftp://example.org/")).map(AddressPolicy::rangeOf))
                .contains("none");
    }
}
