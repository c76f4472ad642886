package dev.carillon.manifests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether what a Dockerfile copies is there, and whether its image listens as the service is set and runs as the local stack does. */
final class Dockerfiles {
    private static final Pattern COPY = Pattern.compile("(?m)^COPY ((?:--\\S+ )*)(.+)$");
    private static final Pattern EXPOSE = Pattern.compile("(?m)^EXPOSE (\\d+)$");
    private static final Pattern NATIVE_ENTRY = Pattern.compile("(?m)^ENTRYPOINT \\[\"/app/application\"(.*)]$");
    private static final Pattern OPTION = Pattern.compile("\"([^\"]+)\"");
    private static final Path LOCAL =
            Repository.DEPLOY.resolve("local/src/main/java/dev/carillon/local/part/ServiceBuild.java");

    private Dockerfiles() {}

    static Path jvm(String module) {
        return Repository.ROOT.resolve(module).resolve("src/main/docker/Dockerfile.jvm");
    }

    /** An option on each line, for {@code java @jvm.options}. */
    static Path options(String module) {
        return Repository.ROOT.resolve(module).resolve("src/main/docker/jvm.options");
    }

    static Path nativ(String module) {
        return Repository.ROOT.resolve(module).resolve("src/main/docker/Dockerfile.native");
    }

    /** With which a native image runs, a line each. */
    static String nativeOptions(String dockerfile) {
        return NATIVE_ENTRY
                .matcher(dockerfile)
                .results()
                .flatMap(entry -> OPTION.matcher(entry.group(1)).results())
                .map(option -> option.group(1) + "\n")
                .collect(Collectors.joining());
    }

    /** @param context the folder that the image is built from */
    static List<String> problems(String module, String dockerfile, Path context) {
        var problems = new ArrayList<String>();
        COPY.matcher(dockerfile)
                .results()
                .filter(copy -> !copy.group(1).contains("--from="))
                .forEach(copy -> sources(copy).stream()
                        .filter(source -> !Files.exists(context.resolve(source)))
                        .forEach(source -> problems.add(module + " copies what is not there: " + source)));
        String port = SettingsInUse.known(module.replace("-service", ""))
                .defaultOf("quarkus.http.port")
                .orElseThrow();
        EXPOSE.matcher(dockerfile)
                .results()
                .filter(expose -> !expose.group(1).equals(port))
                .forEach(expose -> problems.add(module + " listens at " + port + ", and not at " + expose.group(1)));
        return problems;
    }

    /** Those of {@code options}, a line each, that the local stack does not run with. */
    static List<String> foreign(String options) {
        String local = Repository.read(LOCAL);
        return options.lines()
                .filter(option -> !local.contains("\"" + option + "\""))
                .toList();
    }

    private static List<String> sources(MatchResult copy) {
        String[] words = copy.group(2).split(" ");
        return Arrays.asList(words).subList(0, words.length - 1);
    }
}
