package dev.carillon.scheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTextTest {
    private static final Datum.Fields DATA = new Datum.Fields(Map.of(
            "name",
            new Datum.Value("<Ana> & \"Co\""),
            "lines",
            new Datum.Value("one\r\nBcc: all@example.org"),
            "customer",
            new Datum.Fields(Map.of("city", new Datum.Value("Pune"))),
            "list",
            new Datum.Items()));

    private static Texts texts(String subject, String text, String html) {
        return new Texts(TemplateText.of(subject), TemplateText.of(text), TemplateText.of(html), null);
    }

    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "Hello {name}; Hello <Ana> & \"Co\"",
                "{customer.city}; Pune",
                "{customer.city}{customer.city}; PunePune",
                "{{name}}; {name}",
                "{{{customer.city}}}; {Pune}",
                "p {{ color: red }}; p { color: red }",
                "no braces; no braces"
            })
    void a_text_is_filled_in_and_doubled_braces_are_braces(String source, String filled) {
        assertThat(new Texts(null, TemplateText.of(source), null, null).filledWith(DATA))
                .isEqualTo(new Filling.Filled(null, filled, null, null, size(filled)));
    }

    private static int size(String text) {
        return text.length() + (int) text.chars().filter(c -> c == '"').count();
    }

    @ParameterizedTest(name = "{0} is refused at {1}")
    @CsvSource({
        "Hello {name, 6, nothing closes",
        "Hello name}, 10, nothing opened",
        "a {} b, 2, no placeholder",
        "p { color: red }, 2, no placeholder",
        "{a b}, 0, no placeholder",
        "{a..b}, 0, no placeholder",
        "{.a}, 0, no placeholder",
        "{1a}, 0, no placeholder",
        "{{a}, 3, nothing opened",
        "{a{b}}, 0, no placeholder",
        "{a}}, 3, nothing opened",
        "{a.b.c.d.e.f.g.h.i}, 0, no placeholder"
    })
    void what_is_no_placeholder_is_refused_with_its_position(String source, int position, String why) {
        assertThat(TemplateText.read(source))
                .isInstanceOfSatisfying(TemplateText.Reading.NotUnderstood.class, fault -> {
                    assertThat(fault.position()).isEqualTo(position);
                    assertThat(fault.why()).contains(why);
                });
    }

    @Test
    void html_is_escaped_and_neither_text_nor_subject_is() {
        var filled = (Filling.Filled) texts("{name}", "{name}", "<b>{name}</b>").filledWith(DATA);
        assertThat(filled.subject()).isEqualTo("<Ana> & \"Co\"");
        assertThat(filled.text()).isEqualTo("<Ana> & \"Co\"");
        assertThat(filled.html()).isEqualTo("<b>&lt;Ana&gt; &amp; &quot;Co&quot;</b>");
    }

    @Test
    void nothing_that_is_filled_into_markdown_has_a_meaning_there() {
        assertThat(markdown("*{x}* `{x}` [{x}](https://e.org/{x})", "_a)"))
                .isEqualTo("*\\_a\\)* `\\_a\\)` [\\_a\\)](https://e.org/\\_a\\))");
        assertThat(markdown("{x}", "_*[]()~`>#+-=|{}.!\\"))
                .isEqualTo("\\_\\*\\[\\]\\(\\)\\~\\`\\>\\#\\+\\-\\=\\|\\{\\}\\.\\!\\\\");
        assertThat(markdown("{x}", "<Ana> & \"Co\"")).isEqualTo("<Ana\\> & \"Co\"");
        assertThat(markdown("\\{{{x}\\}}, at 9\\.", "*")).isEqualTo("\\{\\*\\}, at 9\\.");
        assertThat(markdown("\\{x}", "*")).as("both are read").isEqualTo("\\\\\\*");
    }

    private static @Nullable String markdown(String source, String x) {
        var data = new Datum.Fields(Map.of("x", new Datum.Value(x)));
        var texts = new Texts(null, null, null, TemplateText.of(source));
        return ((Filling.Filled) texts.filledWith(data)).markdown();
    }

    @Test
    void everything_that_cannot_be_filled_in_is_named_once() {
        var refused =
                (Filling.Refused) texts("{lines}", "{missing} {list} {customer}", "{missing} {customer.zip} {lines}")
                        .filledWith(DATA);
        assertThat(refused.faults().stream().map(Filling.Refused.Fault::path))
                .containsExactly("customer", "customer.zip", "lines", "list", "missing");
        assertThat(refused.faults().stream()
                        .filter(fault -> fault.path().equals("lines"))
                        .map(Filling.Refused.Fault::why))
                .singleElement()
                .asString()
                .contains("line breaks");
    }

    @Test
    void a_line_break_is_refused_in_the_subject_alone() {
        assertThat(new Texts(null, TemplateText.of("{lines}"), null, null).filledWith(DATA))
                .isInstanceOf(Filling.Filled.class);
        for (var sneaky : List.of("a\nb", "a\rb", "a\u0085b", "a\u2028b", "a\u0000b")) {
            var data = new Datum.Fields(Map.of("x", new Datum.Value(sneaky)));
            assertThat(new Texts(TemplateText.of("{x}"), null, null, null).filledWith(data))
                    .isInstanceOf(Filling.Refused.class);
        }
    }

    @Test
    void what_it_comes_to_is_bounded_however_little_was_said() {
        var data = new Datum.Fields(Map.of("x", new Datum.Value("\u0001".repeat(1000))));
        var bomb = new Texts(null, TemplateText.of("{x}".repeat(10_000)), null, null);
        assertThat(bomb.filledWith(data)).isInstanceOf(Filling.TooLarge.class);
        assertThat(new Texts(TemplateText.of("{x}"), TemplateText.of("t"), null, null)
                        .filledWith(new Datum.Fields(Map.of("x", new Datum.Value("x".repeat(999))))))
                .isInstanceOf(Filling.SubjectTooLong.class);
    }

    @Test
    void telegram_takes_the_text_or_the_html_of_a_template_that_has_no_other_and_never_the_subject() {
        assertThat(texts("{lost}", "text", "html").forTelegram().filledWith(DATA))
                .isEqualTo(new Filling.Filled(null, "text", null, null, 4));
        var html = new Texts(null, null, TemplateText.of("html"), null);
        assertThat(html.forTelegram().filledWith(DATA)).isEqualTo(new Filling.Filled(null, null, "html", null, 4));
    }

    @Test
    void telegram_takes_the_markdown_before_everything_else_and_an_e_mail_never_takes_it() {
        var lost = TemplateText.of("{lost}");
        var all = new Texts(lost, lost, lost, TemplateText.of("*a*"));
        assertThat(all.forTelegram().filledWith(DATA)).isEqualTo(new Filling.Filled(null, null, null, "*a*", 3));
        var both = new Texts(null, TemplateText.of("text"), null, lost);
        assertThat(both.forEmail().filledWith(DATA)).isEqualTo(new Filling.Filled(null, "text", null, null, 4));
        assertThat(all.placeholders()).containsExactly("lost");
    }

    @Test
    void a_template_that_has_only_markdown_has_no_words_for_an_e_mail() {
        var texts = new Texts(TemplateText.of("subject"), null, null, TemplateText.of("*a*"));
        assertThat(texts.forEmail().filledWith(DATA)).isEqualTo(new Filling.Wordless());
    }
}
