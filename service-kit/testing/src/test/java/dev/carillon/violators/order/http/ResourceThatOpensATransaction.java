package dev.carillon.violators.order.http;

import dev.carillon.kit.tx.StandInForTransactions;

final class ResourceThatOpensATransaction {
    void order(StandInForTransactions transactions) {
        transactions.inTransaction(() -> {});
    }
}
