package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\nBcc: b@c", "a\nBcc: b@c", "a\rBcc: b@c", "a\u0000\r\n\r\nBcc: b@c", "a\u2028Bcc: b@c"})
    void a_subject_never_begins_a_line(String subject) {
        assertThat(HeaderText.unstructured(subject)).isEqualTo("a Bcc: b@c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Your blood test",
                "Ihre Blutprobe für Größe",
                "😀 emoji 👩‍⚕️ with joiners",
                "=?UTF-8?Q?not_really_encoded?=",
                "日本語の件名がとても長いので、いくつかの行に分けて符号化しなければなりませんでした。日本語の件名。",
                "An English subject that is so long that it does not fit on one line of a header any more, by far"
            })
    void every_subject_is_read_as_it_was_written_and_no_line_is_long(String subject)
            throws UnsupportedEncodingException {
        String header = HeaderText.unstructured(subject);

        assertThat(header).matches("[\\x20-\\x7e\\r\\n]*");
        assertThat(("Subject: " + header).split("\r\n ")).allMatch(line -> line.length() <= 85 && !line.contains("\n"));
        assertThat(MimeUtility.decodeText(MimeUtility.unfold(header))).isEqualTo(subject);
    }

    @Test
    void a_file_s_name_cannot_add_a_parameter() {
        assertThat(HeaderText.parameter("filename", "a\"; x=\"b.ics")).isEqualTo("filename=\"a\\\"; x=\\\"b.ics\"");
        assertThat(HeaderText.parameter("filename", "a\r\nX: b")).isEqualTo("filename=\"a X: b\"");
        assertThat(HeaderText.parameter("filename", "Größe 1.ics"))
                .isEqualTo("filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.ics");
    }
}
