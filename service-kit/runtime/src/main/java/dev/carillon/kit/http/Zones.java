package dev.carillon.kit.http;

import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.ProblemException;
import java.time.ZoneId;
import java.util.Set;

/** Time zones as clients name them: by their IANA name, such as Asia/Kolkata or UTC. */
public final class Zones {
    private static final int LONGEST_SHOWN = 64;

    // Copied once: each call of getAvailableZoneIds makes a copy of all of them.
    private static final Set<String> NAMES = ZoneId.getAvailableZoneIds();

    private Zones() {}

    /** @throws ProblemException 422 {@code unknown-zone} */
    public static ZoneId read(String pointer, String name) {
        if (!NAMES.contains(name)) {
            throw Faults.named(
                    "unknown-zone",
                    "The time zone is not known",
                    pointer,
                    "\"" + shortened(name) + "\" is not an IANA time zone, such as Asia/Kolkata or UTC");
        }
        return ZoneId.of(name);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}
