package dev.carillon.violators.checkout;

import dev.carillon.violators.basket.Basket;
import org.jspecify.annotations.Nullable;

/** Needs the basket, which needs the checkout. */
public record Checkout(@Nullable Basket basket) {}
