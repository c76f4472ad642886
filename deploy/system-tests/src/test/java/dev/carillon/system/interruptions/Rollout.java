package dev.carillon.system.interruptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.local.ServiceName;
import dev.carillon.local.process.StopSignal;
import dev.carillon.system.stack.TestStack;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Replaces each service's first instance by a second one, as the Deployments do it: the new one is ready before the old one gets no more
 * requests, and only then is the old one asked to end.
 */
final class Rollout {
    /** What Kubernetes grants: terminationGracePeriodSeconds of the pods. */
    private static final Duration GRACE = Duration.ofSeconds(90);

    private final TestStack stack;
    private final Map<ServiceName, Integer> inService = new ConcurrentHashMap<>();
    private final Map<ServiceName, Duration> ends = new EnumMap<>(ServiceName.class);

    Rollout(TestStack stack) {
        this.stack = stack;
    }

    /** Where requests go now, without a slash at the end. */
    String address(ServiceName service) {
        return "http://localhost:" + stack.ports().service(service, inService.getOrDefault(service, 1));
    }

    void replace(ServiceName service) {
        stack.upWithSecondInstance(service);
        inService.put(service, 2);
        var old = stack.process(service.label());
        long asked = System.nanoTime();
        old.signal(StopSignal.of(old.name()));
        assertThat(old.endsWithin(GRACE)).as("%s ends in time", old.name()).isTrue();
        ends.put(service, Duration.ofNanos(System.nanoTime() - asked));
    }

    /** How long each old instance took to end. */
    Map<ServiceName, Duration> ends() {
        return ends;
    }
}
