package dev.carillon.violators.order.usecase;

import dev.carillon.kit.tx.StandInForTransactions;

/** As it should be: the use case opens the transaction. */
final class PlaceOrder {
    void place(StandInForTransactions transactions) {
        transactions.inTransaction(() -> {});
    }
}
