package dev.carillon.violators.basket;

import dev.carillon.violators.checkout.Checkout;
import org.jspecify.annotations.Nullable;

/** Needs the checkout, which needs the basket. */
public record Basket(@Nullable Checkout checkout) {}
