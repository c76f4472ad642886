package dev.carillon.system.documents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikenessTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"id":"0197a0b0-0000-7000-8000-000000000000"} | {"id":"0197a0b0-0000-7000-8000-000000000001"}
            {"dueAt":"2026-11-22T17:50:00Z"}              | {"dueAt":"2027-01-02T03:04:05.678901Z"}
            {"lateness":"PT0.001S","attempts":1}          | {"lateness":"PT0.0123S","attempts":1}
            {"status":"delivered"}                        | {"status":"delivered","more":true}
            {"items":[{"id":7,"text":"Hi"}]}              | {"items":[{"id":9,"text":"Hi"}]}
            {"subject":"Thursday, 26 November 2026, 18:30 (Asia/Kolkata)"} | {"subject":"Monday, 3 May 2027, 09:00 (Asia/Kolkata)"}
            DTSTART:20261126T130000Z                      | DTSTART:20270503T090000Z
            {"body":"From: …"}                            | {"body":"From: someone"}
            ready in 12.3 s                               | ready in 9.8 s
            """)
    void what_differs_each_time_makes_no_difference(String shown, String actual) {
        assertThat(Likeness.difference(shown, actual)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"status":"delivered"}           | {"status":"failed"}
            {"status":"delivered"}           | {}
            {"attempts":1}                   | {"attempts":2}
            {"error":null}                   | {"error":"refused"}
            {"items":[]}                     | {"items":[{"id":1}]}
            {"at":"2026-11-22T17:50:00Z"}    | {"at":"tomorrow"}
            stopped after 1.0 s              | killed after 1.0 s
            """)
    void everything_else_does(String shown, String actual) {
        assertThat(Likeness.difference(shown, actual)).isPresent();
    }
}
