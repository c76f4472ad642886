package dev.carillon.kit.testing.postgres;

/** The wait between two looks at something that changes by itself. */
final class Pause {

    private Pause() {}

    static void briefly() {
        try {
            Thread.sleep(30);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for PostgreSQL", e);
        }
    }
}
