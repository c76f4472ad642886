package dev.carillon.local.part;

import dev.carillon.local.process.Launch;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.providers.ProviderSettings;
import dev.carillon.local.providers.Providers;
import dev.carillon.local.state.Credentials;
import java.nio.file.Path;
import java.util.List;

/** The local providers in a JVM of their own. */
final class ProvidersPart implements Part {

    private final Stack stack;

    ProvidersPart(Stack stack) {
        this.stack = stack;
    }

    @Override
    public String name() {
        return "providers";
    }

    @Override
    public List<Integer> ports() {
        return List.of(stack.ports().smtp(), stack.ports().providers());
    }

    @Override
    public Launch prepare() {
        var settings = new ProviderSettings(
                stack.ports().providers(),
                stack.ports().smtp(),
                stack.folder().path(),
                stack.credentials().get(Credentials.WEBHOOK_SECRET),
                stack.credentials().get(Credentials.TELEGRAM_TOKEN));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms32m",
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                Providers.class.getName());
        return new Launch(
                name(), command, settings.asEnvironment(), stack.folder().log(name()));
    }

    @Override
    public void awaitReady(RunningProcess process) {
        new HttpReadiness(stack.ports().providers(), "/health", stack.folder().log(name())).await(process);
    }

    @Override
    public void complete(RunningProcess process) {}
}
