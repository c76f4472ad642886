package dev.carillon.kit.violators;

import dev.carillon.violators.basket.Basket;

record KitThatKnowsAService(Basket basket) {}
