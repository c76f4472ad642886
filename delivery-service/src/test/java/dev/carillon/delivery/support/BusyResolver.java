package dev.carillon.delivery.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** As {@link ShortWaits}, with {@link ChannelsInHand}, pauses that double twice, and little memory for content. */
public final class BusyResolver implements QuarkusTestProfile {
    private final ShortWaits shortWaits = new ShortWaits();

    @Override
    public Map<String, String> getConfigOverrides() {
        var overrides = new HashMap<>(shortWaits.getConfigOverrides());
        overrides.put("carillon.containment.resolver-pause.first", "PT0.05S");
        overrides.put("carillon.containment.resolver-pause.longest", "PT0.2S");
        overrides.put("carillon.containment.content-memory", "1M");
        return overrides;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(ChannelsInHand.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return shortWaits.testResources();
    }
}
