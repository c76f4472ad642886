package dev.carillon.kit.settings;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/** Prints the settings that a service was started with; values whose names sound like a secret are left out. */
@ApplicationScoped
public class SettingsReport {
    private static final Logger LOG = Logger.getLogger(SettingsReport.class);
    private static final Pattern SECRET = Pattern.compile(".*(password|secret|token|credential|private|\\bkey\\b).*");
    private static final Pattern SHOWN =
            Pattern.compile("carillon\\..*|quarkus\\.http\\.port|kafka\\.bootstrap\\.servers");

    private final SmallRyeConfig config;

    public SettingsReport(SmallRyeConfig config) {
        this.config = config;
    }

    void print(@Observes StartupEvent started) {
        LOG.infof("Settings: %s", report());
    }

    TreeMap<String, String> report() {
        var settings = new TreeMap<String, String>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> SHOWN.matcher(name).matches())
                .forEach(name -> settings.put(name, shown(name)));
        return settings;
    }

    private String shown(String name) {
        var value = config.getOptionalValue(name, String.class).orElse("");
        boolean secret = SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches() && !name.endsWith("location");
        return secret ? (value.isEmpty() ? "(not set)" : "(set)") : value;
    }
}
