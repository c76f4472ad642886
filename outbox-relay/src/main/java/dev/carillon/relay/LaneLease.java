package dev.carillon.relay;

/** The right to publish a lane. The epoch grows with every change of owner, so a former owner's statements find nothing. */
public record LaneLease(Lane lane, long epoch) {}
