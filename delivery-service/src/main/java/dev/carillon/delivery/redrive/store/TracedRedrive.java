package dev.carillon.delivery.redrive.store;

import dev.carillon.delivery.redrive.Redrive;
import dev.carillon.kit.telemetry.TraceContext;

/** @param trace of the request for it, which what it does continues */
public record TracedRedrive(Redrive redrive, TraceContext trace) {}
