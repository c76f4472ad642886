package dev.carillon.scheduler.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a placeholder is filled with. */
public sealed interface Datum {
    /** @param text of a text, a number as it was written, {@code true} or {@code false} */
    record Value(String text) implements Datum {}

    /** What has names, each of which leads further. */
    record Fields(Map<String, Datum> named) implements Datum {
        /** What a path such as {@code customer.name} leads to; null where it ends in nothing. */
        @Nullable Datum at(String path) {
            Datum found = this;
            for (var name : path.split("\\.")) {
                found = found instanceof Fields fields ? fields.named.get(name) : null;
            }
            return found;
        }
    }

    /** A list: nothing that has a place in a text. */
    record Items() implements Datum {}
}
