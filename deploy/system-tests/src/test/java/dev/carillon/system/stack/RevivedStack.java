package dev.carillon.system.stack;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gives a test that kills the stack of {@link RunningStack}, and starts what it left dead because it failed. */
public final class RevivedStack extends RunningStack implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        stack(context).up();
    }
}
