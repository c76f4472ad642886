package dev.carillon.manifests;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the reference says of a setting, or, if it has no type, of all whose names begin like this. Where the operator gives a name, {@code name} has
 * {@code <such>} a word.
 */
record Setting(String name, String type, String fallback, String what) {
    static final String NONE = "none";

    private static final String OF_THE_OPERATOR = "<[a-z]+>";
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(carillon\\.[a-z.-]+):}");

    static Setting group(String name, String what) {
        return new Setting(name, "", "", what);
    }

    boolean isGroup() {
        return type.isEmpty();
    }

    /** The name of its environment variable. */
    String variable() {
        return name.replaceAll("[^a-zA-Z0-9<>]", "_").toUpperCase(Locale.ROOT);
    }

    /** As {@link KnownSettings} has it. */
    String known() {
        return name.replaceAll(OF_THE_OPERATOR, "*");
    }

    /** Which properties are this setting; the group is what the operator called it. */
    Pattern properties() {
        return Pattern.compile(Pattern.quote(name).replaceAll(OF_THE_OPERATOR, "\\\\E\"?([^\"]+?)\"?\\\\Q"));
    }

    /** A value, for readers. */
    static String shown(String value) {
        var expression = EXPRESSION.matcher(value);
        if (expression.matches()) {
            return "that of `" + KnownSettings.variable(expression.group(1)) + "`";
        }
        if (value.equals("${quarkus.application.name}")) {
            return "the service's name";
        }
        return value.isBlank() ? NONE : "`" + value + "`";
    }
}
