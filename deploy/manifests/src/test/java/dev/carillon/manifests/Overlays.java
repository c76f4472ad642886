package dev.carillon.manifests;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@code deploy/kubernetes} is applied as, rendered. */
final class Overlays {
    static final Path KUBERNETES = Repository.DEPLOY.resolve("kubernetes");
    static final Path EXTERNAL = KUBERNETES.resolve("overlays/external");

    private static final Path LOCAL = KUBERNETES.resolve("overlays/local");
    private static final Path OWN = Path.of("target/kustomize").toAbsolutePath();

    private Overlays() {}

    static Manifests local() {
        return Kustomize.render(LOCAL);
    }

    static Manifests production() {
        return Kustomize.render(KUBERNETES.resolve("overlays/production"));
    }

    static Manifests external() {
        return Kustomize.render(EXTERNAL);
    }

    /** Those that run more than one pod of a service. */
    static List<Manifests> replicated() {
        return List.of(production(), external());
    }

    /** By what they are called in a failure. */
    static Map<String, Manifests> all() {
        return Map.of(
                "local", local(),
                "local with telemetry", with(KUBERNETES.resolve("components/telemetry"), LOCAL),
                "production", production(),
                "external", external());
    }

    /** A base or an overlay that takes {@code component} in, too. */
    static Manifests with(Path component, Path base) {
        Path folder = OWN.resolve(base.getFileName() + "-" + component.getFileName());
        Repository.write(
                folder.resolve("kustomization.yaml"),
                "kind: Kustomization\nresources: [%s]\ncomponents: [%s]\n"
                        .formatted(folder.relativize(base), folder.relativize(component)));
        return Kustomize.render(folder);
    }
}
