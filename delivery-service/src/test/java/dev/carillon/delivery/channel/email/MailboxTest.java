package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {

    @ParameterizedTest
    @ValueSource(strings = {"ana@example.org", "a.b+tag@sub.example.co", "root@localhost", "o'neil_{x}@example.org"})
    void an_ordinary_address_is_taken_as_it_is(String address) {
        assertThat(Mailbox.address(address)).contains(address);
    }

    @Test
    void a_domain_in_another_script_is_written_in_ascii() {
        assertThat(Mailbox.address("info@Bücher.example")).contains("info@xn--bcher-kva.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ana",
                "ana@",
                "@example.org",
                "ana@@example.org",
                "a b@example.org",
                "ana@exa mple.org",
                "ana@example.org\r\nBcc: all@example.org",
                "ana@example.org\n",
                "ana@example.org,eve@example.org",
                "<ana@example.org>",
                "Ana <ana@example.org>",
                "ana@example..org",
                ".ana@example.org",
                "ana.@example.org",
                "ana@-example.org",
                "\"a b\"@example.org",
                "ana@[127.0.0.1]",
                "añá@example.org",
                "ana@example.org>",
                "ana\u0000@example.org",
                "a@example.org SIZE=1"
            })
    void what_smtp_cannot_carry_is_no_address(String address) {
        assertThat(Mailbox.address(address)).isEmpty();
    }

    @Test
    void too_long_is_no_address() {
        assertThat(Mailbox.address("a".repeat(65) + "@example.org")).isEmpty();
        assertThat(Mailbox.address("a@" + "b".repeat(64) + ".org")).isEmpty();
        assertThat(Mailbox.address("a@" + "bcd.".repeat(70) + "org")).isEmpty();
    }

    @Test
    void a_sender_may_have_a_name() {
        assertThat(Mailbox.parse("Clinic <no-reply@example.org>"))
                .contains(new Mailbox("Clinic", "no-reply@example.org"));
        assertThat(Mailbox.parse("\"Clinic, \\\"North\\\"\" <no-reply@example.org>"))
                .contains(new Mailbox("Clinic, \"North\"", "no-reply@example.org"));
        assertThat(Mailbox.parse("no-reply@example.org")).contains(new Mailbox(null, "no-reply@example.org"));
        assertThat(Mailbox.parse("Clinic\r\nBcc: <all@example.org>")).isEmpty();
        assertThat(Mailbox.parse("Clinic <no-reply@example.org> <b@example.org>"))
                .isEmpty();
        assertThat(Mailbox.parse("Clinic <>")).isEmpty();
    }

    @Test
    void in_a_header_a_name_is_quoted_or_encoded_as_it_needs() {
        assertThat(new Mailbox("Clinic North", "a@b").header()).isEqualTo("Clinic North <a@b>");
        assertThat(new Mailbox("Clinic, \"N\"", "a@b").header()).isEqualTo("\"Clinic, \\\"N\\\"\" <a@b>");
        assertThat(new Mailbox("Klinik Süd", "a@b").header()).isEqualTo("=?UTF-8?B?S2xpbmlrIFPDvGQ=?= <a@b>");
    }
}
