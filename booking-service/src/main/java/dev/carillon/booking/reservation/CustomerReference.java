package dev.carillon.booking.reservation;

import org.jspecify.annotations.Nullable;

/**
 * By what a customer is meant of whom not only an id may be known: {@code email:} with an address, {@code telegram:} with a chat, or else the tenant's own
 * id. What is meant is whatever has this address or chat, whether or not it has an id; and whatever has all of the text for its id, since ids may begin so
 * too.
 *
 * @param id the whole text
 * @param email in lower case (A to Z); null for none
 * @param chat null for none
 */
public record CustomerReference(
        String id, @Nullable String email, @Nullable String chat) {
    private static final String EMAIL = "email:";
    private static final String TELEGRAM = "telegram:";

    public static CustomerReference of(String text) {
        return new CustomerReference(
                text,
                text.startsWith(EMAIL) ? Customer.lowered(text.substring(EMAIL.length())) : null,
                text.startsWith(TELEGRAM) ? text.substring(TELEGRAM.length()) : null);
    }

    /** Nothing of it: it may be an address. */
    @Override
    public String toString() {
        return "CustomerReference";
    }
}
