package dev.carillon.kit.problem;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** How large a request's body may be, and how long it may take to come. */
@ConfigMapping(prefix = "carillon.body")
public interface BodySettings {
    /** In bytes; never more than the HTTP server itself takes. */
    @WithDefault("256K")
    MemorySize largest();

    /** For the paths that take more. */
    Map<String, MemorySize> largestAt();

    /** From its request's head to its end. */
    @WithDefault("PT30S")
    Duration patience();

    /** In bytes, of all bodies that are on their way; the beginning of each does not count. */
    @WithDefault("64M")
    MemorySize together();

    default long largest(String path) {
        return largestAt().getOrDefault(path, largest()).asLongValue();
    }
}
