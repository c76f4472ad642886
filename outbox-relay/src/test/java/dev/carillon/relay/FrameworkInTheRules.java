package dev.carillon.relay;

import io.vertx.core.Vertx;

/** Breaks the rule that the root package is pure, on purpose. */
public record FrameworkInTheRules(Vertx vertx) {}
