package dev.carillon.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ana@example.org",
                "Ana <ana@example.org>",
                "Ana Rao<ana@example.org>",
                "<ana@example.org>",
                "Åsa Ö <ana@example.org>",
                "\"Rao, Ana\" <ana@example.org>",
                "\"Ana \\\"<A>\\\" Rao\" <ana@example.org>",
            })
    void the_address_of_a_mailbox_is_found_with_a_name_and_without(String mailbox) {
        assertThat(Addresses.ofMailbox(mailbox)).hasValue("ana@example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Ana",
                "Ana <>",
                "Ana <ana>",
                "Ana <ana@example.org",
                "Ana ana@example.org>",
                "Ana <ana@example.org> Rao",
                "Ana <ana@example.org>, Ben <ben@example.org>",
                "Ana <<ana@example.org>>",
                "A\"na <ana@example.org>",
                "\"Ana\\\" <ana@example.org>",
                "Ana\r\nBcc: ben@example.org <ana@example.org>",
                "\"Ana\n\" <ana@example.org>",
                "\"Ana\\\n\" <ana@example.org>",
                "Ana\u2028 <ana@example.org>",
                " Ana <ana@example.org>",
                "Ana <ana@example.org>\n",
            })
    void what_is_no_mailbox_or_more_than_one_has_no_address(String text) {
        assertThat(Addresses.ofMailbox(text)).isEmpty();
    }

    @Test
    void a_name_may_be_long_but_not_endless() {
        assertThat(Addresses.ofMailbox("a".repeat(400) + " <ana@example.org>")).hasValue("ana@example.org");
        assertThat(Addresses.ofMailbox("a".repeat(500) + " <ana@example.org>")).isEmpty();
        assertThat(Addresses.ofMailbox("\"" + "\\a".repeat(200_000) + "\" <ana@example.org>"))
                .isEmpty();
    }
}
