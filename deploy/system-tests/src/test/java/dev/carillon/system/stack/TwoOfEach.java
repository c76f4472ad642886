package dev.carillon.system.stack;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a class the stack of {@link RunningStack} with two schedulers and two deliveries. The second ones stay for the next class that wants them, and
 * end with the stack or before {@code StackIT}: such classes come after all others.
 */
public final class TwoOfEach extends RunningStack implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        stack(context).upWithSecondInstances();
    }
}
