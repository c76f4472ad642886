package dev.carillon.delivery.support;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings as the configuration makes them, defaults included. */
public final class SettingsOf {

    private SettingsOf() {}

    public static <T> T properties(Class<T> mapping, Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withDefaultValues(properties)
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
    }

    public static <T> T environment(Class<T> mapping, Map<String, String> variables) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(variables, 300))
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
    }
}
