package dev.carillon.relay;

import java.util.concurrent.CompletionStage;

/**
 * Whether a source's database still is the one that its positions were saved in. After a dump and restore it is not: the numbers of transactions mean
 * nothing there, and reading on from a saved position would skip or repeat in silence.
 */
public interface SourceIdentity {

    /**
     * Makes the positions fit the database as it is, in one transaction: what lies behind them is removed, the rest is published from the start, in order.
     * Does nothing to a database that is what it was.
     */
    CompletionStage<Adoption> adopt(String adopter);

    sealed interface Adoption {
        /**
         * @param removed events that were published before the dump was taken, as far as the positions knew
         * @param kept events that will be published
         */
        record Adopted(long removed, long kept) implements Adoption {}

        record NotForeign() implements Adoption {}
    }
}
