package dev.carillon.relay.store;

import org.jspecify.annotations.Nullable;

/** PostgreSQL's {@code pg_snapshot} in its text form {@code xmin:xmax:xip,xip}: which transactions had ended. Compared in the database. */
record Snapshot(String text) {
    /** Of before the first transaction: nothing had ended. */
    static final Snapshot BEFORE_ALL = new Snapshot("3:3:");

    /** Empty for none, as the statements take it. */
    static String text(@Nullable Snapshot snapshot) {
        return snapshot == null ? "" : snapshot.text();
    }

    /** Whether any transaction ran then: its last part lists them. */
    boolean sawAnyRunning() {
        return !text.endsWith(":");
    }
}
