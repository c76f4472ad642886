package dev.carillon.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What services run in; {@code CARILLON_RUNTIME} says it. */
public enum ServiceRuntime {
    /** A JVM, with the AOT cache of the service (JEP 483, JEP 515) where one was recorded since it was built. */
    JVM,

    /** A JVM that records an AOT cache, which it writes when it ends. */
    RECORDING,

    /** The native executable, as {@code make native} leaves it. */
    NATIVE;

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ServiceRuntime> labelled(String label) {
        return Arrays.stream(values())
                .filter(runtime -> runtime.label().equals(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(ServiceRuntime::label).collect(Collectors.joining(", "));
    }
}
