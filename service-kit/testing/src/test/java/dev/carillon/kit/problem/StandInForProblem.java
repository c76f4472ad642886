package dev.carillon.kit.problem;

/** What only the HTTP edge may know, by its package; the kit's own cannot be depended on from here. */
public record StandInForProblem(int status) {}
