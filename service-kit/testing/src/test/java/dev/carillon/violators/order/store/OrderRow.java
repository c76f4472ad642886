package dev.carillon.violators.order.store;

/** A row. */
public record OrderRow(long id) {}
