package dev.carillon.kit.problem;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;

/** How large a request's body may be, and how long it may take to come. */
@ConfigMapping(prefix = "carillon.body")
public interface BodySettings {
    /** The largest body of a request; never more than the HTTP server itself takes ({@code quarkus.http.limits.max-body-size}). */
    @WithDefault("256K")
    MemorySize largest();

    /** The largest body at {@code <path>}, where that takes more than others do. */
    Map<String, MemorySize> largestAt();

    /** How long after its request's head a body may take to come; then it is 408. */
    @WithDefault("PT30S")
    Duration patience();

    /** How much of all bodies that are being sent is held at once, without the first 8 KiB of each; who sends more then is answered 503. */
    @WithDefault("64M")
    MemorySize together();

    default long largest(String path) {
        return largestAt().getOrDefault(path, largest()).asLongValue();
    }
}
