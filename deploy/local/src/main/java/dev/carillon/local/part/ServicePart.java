package dev.carillon.local.part;

import dev.carillon.local.ServiceName;
import dev.carillon.local.process.Launch;
import dev.carillon.local.process.RunningProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** An instance of one of Carillon's services. */
final class ServicePart implements Part {

    private final Stack stack;
    private final ServiceName service;
    private final int instance;
    private final Consumer<RunningProcess> completion;

    ServicePart(Stack stack, ServiceName service, int instance, Consumer<RunningProcess> completion) {
        this.stack = stack;
        this.service = service;
        this.instance = instance;
        this.completion = completion;
    }

    /** Whether there is something to run: a package with at least one class in it. */
    static boolean isBuilt(Path root, ServiceName service) {
        Path application = folder(root, service).resolve("app");
        if (!Files.exists(jar(root, service)) || !Files.isDirectory(application)) {
            return false;
        }
        try (Stream<Path> jars = Files.list(application)) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).anyMatch(ServicePart::holdsClasses);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + application, e);
        }
    }

    private static boolean holdsClasses(Path jar) {
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().endsWith(".class"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }

    @Override
    public String name() {
        return instance == 1 ? service.label() : service.label() + "-" + instance;
    }

    @Override
    public List<Integer> ports() {
        return List.of(port());
    }

    @Override
    public Optional<String> reasonToRestart(RunningProcess process) {
        if (isOlderThanItsBuild(process)) {
            return Optional.of("it was an older build");
        }
        return service == ServiceName.OUTBOX_RELAY && new RelaySources(stack).haveChanged()
                ? Optional.of("a service has come since")
                : Optional.empty();
    }

    private boolean isOlderThanItsBuild(RunningProcess process) {
        try {
            Instant built = Files.getLastModifiedTime(jar(stack.options().root(), service))
                    .toInstant();
            return process.handle().info().startInstant().filter(built::isAfter).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the build of " + name(), e);
        }
    }

    @Override
    public Launch prepare() {
        if (service == ServiceName.OUTBOX_RELAY) {
            new RelaySources(stack).remember();
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms64m",
                "-Xmx256m",
                "-XX:ReservedCodeCacheSize=96m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                // A malformed URL gets a problem, and not Vert.x's bare 400 (kit.problem.BodyLimit).
                "-Dvertx.disableURIValidation=true",
                // While a service starts it is asked many times whether it is ready; its "no" is not worth a line each.
                "-Dquarkus.log.category.\"io.smallrye.health\".level=WARN"));
        command.addAll(stack.options().javaOptions());
        command.addAll(List.of("-jar", jar(stack.options().root(), service).toString()));
        var environment = new ServiceEnvironment(stack).of(service, port());
        return new Launch(name(), command, environment, stack.folder().log(name()));
    }

    @Override
    public void awaitReady(RunningProcess process) {
        new HttpReadiness(port(), "/q/health/ready", stack.folder().log(name())).await(process);
    }

    @Override
    public void complete(RunningProcess process) {
        completion.accept(process);
    }

    private int port() {
        return stack.ports().service(service, instance);
    }

    private static Path jar(Path root, ServiceName service) {
        return folder(root, service).resolve("quarkus-run.jar");
    }

    private static Path folder(Path root, ServiceName service) {
        return root.resolve(service.module()).resolve("target/quarkus-app");
    }
}
