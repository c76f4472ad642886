package dev.carillon.local.providers;

import dev.carillon.kit.testing.process.TemporaryFolder;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test class providers of its own, which know nothing of earlier tests and end with the class. */
final class WithProviders implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(WithProviders.class);

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        // Who is AutoCloseable is closed with the store, which is the class's.
        context.getStore(NAMESPACE)
                .put(RunningProviders.class, new RunningProviders(TemporaryFolder.create("providers")));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        providers(context).forget();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningProviders.class;
    }

    @Override
    public RunningProviders resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return providers(context);
    }

    private static RunningProviders providers(ExtensionContext context) {
        return Objects.requireNonNull(
                context.getStore(NAMESPACE).get(RunningProviders.class, RunningProviders.class), "before all");
    }
}
