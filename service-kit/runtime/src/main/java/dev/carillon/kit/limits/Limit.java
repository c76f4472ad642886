package dev.carillon.kit.limits;

import java.util.Locale;

/** Whose rate it is that is used up. */
public enum Limit {
    /** An API key's, or a token's subject's in its tenant. */
    PRINCIPAL,
    /** All of a tenant's together. */
    TENANT;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
