package dev.carillon.booking.availability;

import java.util.Set;
import java.util.TreeSet;

/**
 * The placeholders of a text, by the grammar of the scheduler's templates: <code>{name}</code> or <code>{outer.inner}</code>; <code>{{</code> and
 * <code>}}</code> stand for one brace each.
 */
public sealed interface Placeholders {
    /** @param names each once, in their alphabetical order */
    record Found(Set<String> names) implements Placeholders {}

    /** @param position of the brace that is at fault, from 0 */
    record Malformed(int position, String why) implements Placeholders {}

    static Placeholders of(String text) {
        var names = new TreeSet<String>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '{' && c != '}') {
                continue;
            }
            if (i + 1 < text.length() && text.charAt(i + 1) == c) {
                i++;
                continue;
            }
            int end = text.indexOf('}', i);
            if (c == '}' || end < 0) {
                return new Malformed(i, "has a brace without its other one; write it twice for a brace");
            }
            names.add(text.substring(i + 1, end));
            i = end;
        }
        return new Found(Set.copyOf(names));
    }
}
