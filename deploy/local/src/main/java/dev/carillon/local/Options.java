package dev.carillon.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked for on the command line of {@code make}.
 *
 * @param root the repository
 * @param javaOptions for the JVM of each service, after those that it always gets
 * @param explicit the services were named, so that one which cannot be started is a failure and not a remark
 */
public record Options(
        Path root,
        Path state,
        Ports ports,
        Set<ServiceName> services,
        boolean explicit,
        int instances,
        Optional<String> otlpEndpoint,
        ServiceRuntime runtime,
        List<String> javaOptions) {

    private static final int LARGEST_OFFSET = 50_000;

    /** @throws StackFailure that names the variable which cannot be understood */
    public static Options from(Path root, Map<String, String> environment) {
        String services = environment.getOrDefault("SERVICES", "").strip();
        return new Options(
                root,
                state(root, environment.getOrDefault("CARILLON_STATE_DIR", "").strip()),
                new Ports(number(environment, "CARILLON_PORT_OFFSET", 0, 0, LARGEST_OFFSET)),
                services.isEmpty() ? EnumSet.allOf(ServiceName.class) : parse(services),
                !services.isEmpty(),
                number(environment, "INSTANCES", 1, 1, 2),
                Optional.of(environment
                                .getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "")
                                .strip())
                        .filter(endpoint -> !endpoint.isEmpty()),
                runtime(environment.getOrDefault("CARILLON_RUNTIME", "").strip()),
                words(environment.getOrDefault("CARILLON_JAVA_OPTIONS", "")));
    }

    private static List<String> words(String given) {
        return Arrays.stream(given.strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Path state(Path root, String given) {
        return given.isEmpty() ? root.resolve("deploy/local/.state") : root.resolve(given);
    }

    private static Set<ServiceName> parse(String names) {
        var services = EnumSet.noneOf(ServiceName.class);
        for (String name : names.split("[\\s,]+", -1)) {
            services.add(ServiceName.labelled(name)
                    .orElseThrow(() -> new StackFailure(
                            "SERVICES names " + name + ", but there are only " + ServiceName.labels() + ".")));
        }
        return services;
    }

    private static ServiceRuntime runtime(String given) {
        if (given.isEmpty()) {
            return ServiceRuntime.JVM;
        }
        return ServiceRuntime.labelled(given)
                .orElseThrow(() -> new StackFailure(
                        "CARILLON_RUNTIME is " + given + ", but must be one of " + ServiceRuntime.labels() + "."));
    }

    private static int number(Map<String, String> environment, String name, int usual, int least, int most) {
        String given = environment.getOrDefault(name, "").strip();
        if (given.isEmpty()) {
            return usual;
        }
        try {
            int number = Integer.parseInt(given);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new StackFailure(
                    name + " is " + given + ", but must be a number from " + least + " to " + most + ".", e);
        }
        throw new StackFailure(name + " is " + given + ", but must be a number from " + least + " to " + most + ".");
    }
}
