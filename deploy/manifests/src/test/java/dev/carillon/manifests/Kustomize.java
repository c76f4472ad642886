package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.carillon.manifests.Command.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Renders with the real kustomize, alone or as kubectl brings it. */
final class Kustomize {
    private static final String ABSENT =
            "LEFT OUT: neither kustomize nor kubectl is on this machine, so that no Kubernetes manifest was rendered and checked.";

    /** It alone may then be absent where nothing is to be left out: continuous integration says so when it could not install it. */
    private static final boolean GIVEN_UP = "kustomize".equals(System.getenv("CARILLON_WITHOUT"));

    /** What has been rendered is not changed by a test: see {@link Manifests#with}. */
    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Kustomize() {}

    static Manifests render(Path folder) {
        Manifests known = RENDERED.get(folder);
        if (known != null) {
            return known;
        }
        Ended ended = run(folder);
        assertThat(ended.exit()).as("%s:%n%s", folder, ended.errors()).isZero();
        Manifests rendered = Manifests.parse(ended.output());
        RENDERED.put(folder, rendered);
        return rendered;
    }

    private static Ended run(Path folder) {
        var kustomize = Command.find("kustomize");
        if (kustomize.isPresent()) {
            return kustomize.get().run("build", folder.toString());
        }
        boolean neither = Command.find("kubectl").isEmpty();
        if (neither && GIVEN_UP) {
            System.err.println(ABSENT);
        }
        assumeFalse(neither && GIVEN_UP, ABSENT);
        return LeftOut.without("kubectl", ABSENT).run("kustomize", folder.toString());
    }

    /** Every folder that can be rendered by itself. */
    static List<Path> folders() {
        return Repository.filesUnder(Repository.DEPLOY, file -> file.endsWith("kustomization.yaml")).stream()
                .filter(file -> !file.toString().contains("/target/"))
                .filter(file -> Repository.read(file).contains("kind: Kustomization"))
                .map(Path::getParent)
                .toList();
    }
}
