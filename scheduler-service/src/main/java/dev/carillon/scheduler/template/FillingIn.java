package dev.carillon.scheduler.template;

import dev.carillon.scheduler.template.Filling.Refused.Fault;
import dev.carillon.scheduler.template.TemplateText.Part;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fills in the texts of a template with data. */
final class FillingIn {
    /** What a text is for, and so what a value must not bring into it. */
    private enum Place {
        SUBJECT,
        TEXT,
        HTML,
        MARKDOWN
    }

    private final Datum.Fields data;
    private final Map<String, String> faults = new TreeMap<>();
    private int size;

    FillingIn(Datum.Fields data) {
        this.data = data;
    }

    Filling fill(Texts texts) {
        var subject = fill(texts.subject(), Place.SUBJECT);
        var text = fill(texts.text(), Place.TEXT);
        var html = fill(texts.html(), Place.HTML);
        var markdown = fill(texts.markdown(), Place.MARKDOWN);
        if (!faults.isEmpty()) {
            return new Filling.Refused(faults.entrySet().stream()
                    .map(fault -> new Fault(fault.getKey(), fault.getValue()))
                    .toList());
        }
        if (text == null && html == null && markdown == null) {
            return new Filling.Wordless();
        }
        if (size > Filling.LARGEST) {
            return new Filling.TooLarge();
        }
        return subject != null && subject.length() > Filling.LONGEST_SUBJECT
                ? new Filling.SubjectTooLong()
                : new Filling.Filled(subject, text, html, markdown, size);
    }

    private @Nullable String fill(@Nullable TemplateText text, Place place) {
        if (text == null) {
            return null;
        }
        var filled = new StringBuilder();
        for (var part : text.parts()) {
            append(
                    filled,
                    switch (part) {
                        case Part.Literal(String literal) ->
                            place == Place.MARKDOWN ? MarkdownV2.closed(literal) : literal;
                        case Part.Placeholder(String path) -> value(path, place);
                    });
        }
        return filled.toString();
    }

    /** Beyond the limit nothing is kept: only what is at fault is still looked for. */
    private void append(StringBuilder filled, String value) {
        for (int i = 0; i < value.length() && size <= Filling.LARGEST; i++) {
            size += jsonSize(value.charAt(i));
        }
        if (size <= Filling.LARGEST) {
            filled.append(value);
        }
    }

    private static int jsonSize(char c) {
        if (c < ' ') {
            return 6;
        }
        if (c < 0x80) {
            return c == '"' || c == '\\' ? 2 : 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    private String value(String path, Place place) {
        return switch (data.at(path)) {
            case null -> fault(path, "is missing: the template has {" + path + "}");
            case Datum.Value(String text) -> placed(path, text, place);
            case Datum.Fields _, Datum.Items _ ->
                fault(path, "must be a text, a number, true or false: the template has {" + path + "}");
        };
    }

    private String placed(String path, String value, Place place) {
        return switch (place) {
            case SUBJECT ->
                value.chars().anyMatch(FillingIn::breaksLine)
                        ? fault(path, "must not have line breaks or other control characters: it is in the subject")
                        : value;
            case TEXT -> value;
            case HTML -> escaped(value);
            case MARKDOWN -> MarkdownV2.escaped(value);
        };
    }

    private static boolean breaksLine(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    private static String escaped(String value) {
        var escaped = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private String fault(String path, String why) {
        faults.putIfAbsent(path, why);
        return "";
    }
}
