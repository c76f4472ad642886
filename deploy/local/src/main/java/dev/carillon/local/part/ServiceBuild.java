package dev.carillon.local.part;

import dev.carillon.local.Options;
import dev.carillon.local.ServiceName;
import dev.carillon.local.ServiceRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** What the build left of a service, and how that is run. */
final class ServiceBuild {

    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmx256m",
            "-XX:ReservedCodeCacheSize=96m",
            "-XX:MaxDirectMemorySize=128m",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    // A young generation of its own choice grows with what is created, and takes more memory than all that stays.
    private static final List<String> EXECUTABLE = List.of("-Xmx256m", "-Xmn16m");

    private static final List<String> PROPERTIES = List.of(
            // A malformed URL gets a problem, and not Vert.x's bare 400 (kit.problem.BodyLimit).
            "-Dvertx.disableURIValidation=true",
            // Statements in traces are described by the conventions that are stable.
            "-Dotel.semconv-stability.opt-in=database",
            // While a service starts it is asked many times whether it is ready; its "no" is not worth a line each.
            "-Dquarkus.log.category.\"io.smallrye.health\".level=WARN");

    private final Options options;
    private final Path target;

    ServiceBuild(Options options, ServiceName service) {
        this.options = options;
        this.target = options.root().resolve(service.module()).resolve("target");
    }

    /** Whether there is something to run: an executable, or a package with at least one class in it. */
    boolean exists() {
        if (options.runtime() == ServiceRuntime.NATIVE) {
            return !found(target, ServiceBuild::isExecutable).isEmpty();
        }
        return Files.exists(jar())
                && !found(application(), ServiceBuild::holdsClasses).isEmpty();
    }

    /** When it was built. */
    Instant builtAt() {
        return changedAt(options.runtime() == ServiceRuntime.NATIVE ? executable() : jar());
    }

    List<String> command() {
        var command = new ArrayList<String>();
        if (options.runtime() == ServiceRuntime.NATIVE) {
            command.add(executable().toString());
            command.addAll(EXECUTABLE);
            command.addAll(PROPERTIES);
            return command;
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(PROPERTIES);
        command.addAll(aotCache());
        command.addAll(options.javaOptions());
        command.addAll(List.of("-jar", jar().toString()));
        return command;
    }

    /** A cache that is older than the package was recorded with another one, and the JVM would take it and run what was there then (JDK 25). */
    private List<String> aotCache() {
        Path cache = target.resolve("quarkus-app/quarkus-run.aot");
        if (options.runtime() == ServiceRuntime.RECORDING) {
            return List.of("-XX:AOTCacheOutput=" + cache);
        }
        return Files.exists(cache) && changedAt(cache).isAfter(builtAt())
                ? List.of("-XX:AOTCache=" + cache)
                : List.of();
    }

    private Path jar() {
        return target.resolve("quarkus-app/quarkus-run.jar");
    }

    private Path application() {
        return target.resolve("quarkus-app/app");
    }

    private Path executable() {
        return found(target, ServiceBuild::isExecutable).getFirst();
    }

    private static boolean isExecutable(Path file) {
        return file.toString().endsWith("-runner") && Files.isExecutable(file) && Files.isRegularFile(file);
    }

    private static boolean holdsClasses(Path jar) {
        if (!jar.toString().endsWith(".jar")) {
            return false;
        }
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(entry -> entry.getName().endsWith(".class"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }

    private static List<Path> found(Path folder, Predicate<Path> wanted) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(wanted).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }

    private static Instant changedAt(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file, e);
        }
    }
}
