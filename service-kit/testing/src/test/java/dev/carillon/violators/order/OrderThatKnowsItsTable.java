package dev.carillon.violators.order;

import dev.carillon.violators.order.store.OrderRow;

record OrderThatKnowsItsTable(OrderRow row) {}
