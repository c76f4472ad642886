package dev.carillon.violators.order.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** Registered, without what it is made of. */
@RegisterForReflection
record RegisteredView(List<Part> parts) {
    record Part(String name) {}
}
