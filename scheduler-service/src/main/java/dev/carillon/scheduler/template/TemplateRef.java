package dev.carillon.scheduler.template;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a template is named: {@code reminder} for whatever version is the latest, {@code reminder@3} for the third.
 *
 * @param version null for the latest
 */
public record TemplateRef(String name, @Nullable Integer version) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final Pattern NAMED = Pattern.compile(NAME);
    private static final Pattern WRITTEN = Pattern.compile("(" + NAME + ")(?:@([1-9]\\d{0,8}))?");

    public static boolean isName(String text) {
        return NAMED.matcher(text).matches();
    }

    /** None when it is no such name. */
    public static Optional<TemplateRef> read(String written) {
        var parts = WRITTEN.matcher(written);
        return parts.matches()
                ? Optional.of(new TemplateRef(
                        parts.group(1), parts.group(2) == null ? null : Integer.valueOf(parts.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return version == null ? name : name + "@" + version;
    }
}
