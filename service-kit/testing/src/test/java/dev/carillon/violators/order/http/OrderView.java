package dev.carillon.violators.order.http;

/** That nobody has registered. */
record OrderView(String id) {}
