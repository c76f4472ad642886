package dev.carillon.local.providers;

/** What a caller got wrong, in words for the caller. */
final class BadRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    BadRequest(String detail) {
        super(detail);
    }

    BadRequest(String detail, Throwable cause) {
        super(detail, cause);
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
