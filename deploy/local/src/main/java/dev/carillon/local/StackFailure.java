package dev.carillon.local;

/** Something that the one who runs the stack can understand and mend; the message says what, where and how. */
public final class StackFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StackFailure(String message) {
        super(message);
    }

    public StackFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
