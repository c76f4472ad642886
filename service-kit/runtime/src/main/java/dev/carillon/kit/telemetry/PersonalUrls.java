package dev.carillon.kit.telemetry;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a service's own URLs tell who somebody is; {@link StartedSpans} keeps that out of traces. A service that has such URLs has one of these as a bean.
 *
 * @param parameters of queries; what follows the first of them is hidden to its end, since it has been decoded and may contain what looks like a parameter
 * @param paths each with a group {@code who}, which is hidden
 */
public record PersonalUrls(List<String> parameters, List<Pattern> paths) {
    public PersonalUrls {
        parameters = List.copyOf(parameters);
        paths = List.copyOf(paths);
    }
}
