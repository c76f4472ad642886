package dev.carillon.benchmarks;

/** A run that was not asked for in words that the runner knows; the message is for who asked. */
final class Refusal extends RuntimeException {

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
