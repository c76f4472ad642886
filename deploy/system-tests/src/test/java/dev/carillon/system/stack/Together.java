package dev.carillon.system.stack;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test that waits for instants of its own, and that providers are to serve well: it runs beside others of its class, but not beside one that is {@link Alone}.
 */
@Test
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Together.FAULTS, mode = ResourceAccessMode.READ)
@Retention(RUNTIME)
@Target(METHOD)
public @interface Together {

    String FAULTS = "faults of the local providers";

    /** A test that injects faults, beside which none of its class runs. */
    @Test
    @ResourceLock(FAULTS)
    @Retention(RUNTIME)
    @Target(METHOD)
    @interface Alone {}
}
