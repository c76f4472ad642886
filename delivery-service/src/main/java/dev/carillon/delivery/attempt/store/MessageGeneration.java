package dev.carillon.delivery.attempt.store;

import java.util.UUID;

/** What a delivery is unique on. */
public record MessageGeneration(UUID messageId, int generation) {}
