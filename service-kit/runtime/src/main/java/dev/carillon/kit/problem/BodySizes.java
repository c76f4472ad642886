package dev.carillon.kit.problem;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;

/** How large a request's body may be, in bytes; never more than the HTTP server itself takes. */
@ConfigMapping(prefix = "carillon.body")
public interface BodySizes {
    @WithDefault("256K")
    MemorySize largest();

    /** For the paths that take more. */
    Map<String, MemorySize> largestAt();

    default long largest(String path) {
        return largestAt().getOrDefault(path, largest()).asLongValue();
    }
}
