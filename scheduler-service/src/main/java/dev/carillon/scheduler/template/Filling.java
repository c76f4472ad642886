package dev.carillon.scheduler.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes of a template and its data. */
public sealed interface Filling {
    /** How large it may get, in bytes of JSON: as large as a request may be. */
    int LARGEST = 256 << 10;

    /** In characters: RFC 5322, section 2.1.1. */
    int LONGEST_SUBJECT = 998;

    record Filled(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String markdown,
            int size) implements Filling {}

    /** Every placeholder that cannot be filled, each once, in their alphabetical order. */
    record Refused(List<Fault> faults) implements Filling {
        /** @param path such as {@code customer.name} */
        public record Fault(String path, String why) {}
    }

    /** Longer than the subject of an e-mail may be. */
    record SubjectTooLong() implements Filling {}

    /** The template has no words for the recipient's channel. */
    record Wordless() implements Filling {}

    record TooLarge() implements Filling {}
}
