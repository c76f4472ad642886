package dev.carillon.kit.tx;

/** So much waits already that this request would only wait longer than anybody wants; nothing was done for it, and it may come again. */
public final class Overloaded extends RuntimeException {
    public Overloaded(String message) {
        super(message, null, false, false);
    }
}
