package dev.carillon.relay.engine;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Failures in few words. */
final class Failures {
    private Failures() {}

    static String say(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "no answer in time";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
