package dev.carillon.kit.limits;

/** @param after in nanoseconds, until one more request is granted */
record Exceeded(Limit limit, Quota quota, long after) {
    private static final long SECOND = 1_000_000_000L;

    /** In whole seconds, at least one: who comes back after it is not too early. */
    long retryAfter() {
        return seconds(after);
    }

    /** The header {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-10, section 3). */
    String policyHeader() {
        return "\"%s\";q=%d;w=%d".formatted(limit.wireName(), quota.burst(), seconds(quota.window()));
    }

    /** The header {@code RateLimit} (the same draft, section 4): nothing remains. */
    String stateHeader() {
        return "\"%s\";r=0;t=%d".formatted(limit.wireName(), retryAfter());
    }

    private static long seconds(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, SECOND));
    }
}
