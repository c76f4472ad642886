package dev.carillon.benchmarks.cursor;

/** PostgreSQL's {@code pg_snapshot} in its text form {@code xmin:xmax:xip,xip}: which transactions had ended. Compared in the database. */
record Snapshot(String text) {
    /** Of before the first transaction: nothing had ended. */
    static final Snapshot BEFORE_ALL = new Snapshot("3:3:");
}
