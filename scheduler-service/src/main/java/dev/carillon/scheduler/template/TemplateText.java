package dev.carillon.scheduler.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A text with placeholders: <code>{name}</code>, or <code>{outer.inner}</code> for what is nested; <code>{{</code> and <code>}}</code> stand for
 * one brace each. What was understood once is understood ever after.
 */
public final class TemplateText {
    /** A name of letters, digits, {@code _} and {@code -}, up to eight of them joined by dots. */
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}(\\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,7}");

    /** What a text comes to. */
    public sealed interface Reading {
        record Understood(TemplateText text) implements Reading {}

        /** @param position of the brace that is at fault, from 0 */
        record NotUnderstood(int position, String why) implements Reading {}
    }

    /** A text as it is, or a placeholder. */
    sealed interface Part {
        record Literal(String text) implements Part {}

        /** @param path such as {@code customer.name} */
        record Placeholder(String path) implements Part {}
    }

    private final String source;
    private final List<Part> parts;

    private TemplateText(String source, List<Part> parts) {
        this.source = source;
        this.parts = parts;
    }

    public static Reading read(String source) {
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        int i = 0;
        while (i < source.length()) {
            char c = source.charAt(i);
            boolean doubled = i + 1 < source.length() && source.charAt(i + 1) == c;
            if (c != '{' && c != '}') {
                literal.append(c);
                i++;
            } else if (doubled) {
                literal.append(c);
                i += 2;
            } else if (c == '}') {
                return new Reading.NotUnderstood(i, "has a closing brace that nothing opened; write }} for a brace");
            } else {
                int end = source.indexOf('}', i);
                if (end < 0) {
                    return new Reading.NotUnderstood(
                            i, "has an opening brace that nothing closes; write {{ for a brace");
                }
                var path = source.substring(i + 1, end);
                if (!PATH.matcher(path).matches()) {
                    return new Reading.NotUnderstood(
                            i,
                            "has braces around what is no placeholder, such as {name} or {customer.name}; write {{ for a brace");
                }
                flush(literal, parts);
                parts.add(new Part.Placeholder(path));
                i = end + 1;
            }
        }
        flush(literal, parts);
        return new Reading.Understood(new TemplateText(source, List.copyOf(parts)));
    }

    /** A text that was understood before. */
    public static TemplateText of(String understood) {
        return switch (read(understood)) {
            case Reading.Understood(TemplateText text) -> text;
            case Reading.NotUnderstood(int position, String why) ->
                throw new IllegalStateException("A template %s (at %d)".formatted(why, position));
        };
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** As it was written. */
    public String source() {
        return source;
    }

    List<Part> parts() {
        return parts;
    }

    /** The paths of its placeholders, each once. */
    public Set<String> placeholders() {
        var paths = new TreeSet<String>();
        for (var part : parts) {
            if (part instanceof Part.Placeholder(String path)) {
                paths.add(path);
            }
        }
        return paths;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TemplateText text && text.source.equals(source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }
}
