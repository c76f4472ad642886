package dev.carillon.kit.problem;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;

/** What the path of a request takes, by its methods: RESTEasy knows when it refuses a request, and does not tell. */
final class Routes {
    private final Map<String, RuntimeResource> byMethod = new TreeMap<>();
    private final String method;

    private Routes(String method) {
        this.method = method;
    }

    static Routes of(ResteasyReactiveRequestContext request) {
        var routes = new Routes(request.getMethod());
        var path = request.getPathWithoutPrefix();
        for (RequestMapper.RequestPath<InitialMatch> place :
                request.getDeployment().getClassMappers()) {
            var places = new ArrayList<RequestMapper.RequestPath<InitialMatch>>(List.of(place));
            var match = new RequestMapper<InitialMatch>(places).map(path);
            if (match != null) {
                routes.add(match.value, match.remaining.isEmpty() ? "/" : match.remaining);
            }
        }
        return routes;
    }

    private void add(InitialMatch resources, String remaining) {
        for (var handler : resources.handlers) {
            if (handler instanceof ClassRoutingHandler routing) {
                routing.getMappers().forEach((taken, paths) -> {
                    var match = paths.map(remaining);
                    if (taken != null && match != null) {
                        byMethod.putIfAbsent(taken, match.value);
                    }
                });
            }
        }
    }

    /** Whether something is at the path, but nothing that takes the method of the request. */
    boolean areOfOtherMethods() {
        return !byMethod.isEmpty() && !byMethod.containsKey(answeredAs());
    }

    private String answeredAs() {
        return HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method;
    }

    /** The value of {@code Allow} (RFC 9110, 10.2.1). */
    String allowed() {
        var methods = new TreeSet<>(byMethod.keySet());
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        return String.join(", ", methods);
    }

    /** The types that a body may have, as in {@code Accept} (RFC 9110, 12.5.1); empty where the method takes none in particular. */
    String consumed() {
        var route = byMethod.get(method);
        return route == null ? "" : list(route.getConsumes());
    }

    /** The types that an answer may have, as {@link #consumed}. */
    String produced() {
        var route = byMethod.get(answeredAs());
        return route == null || route.getProduces() == null
                ? ""
                : list(Arrays.asList(route.getProduces().getSortedOriginalMediaTypes()));
    }

    private static String list(Collection<MediaType> types) {
        return types.stream()
                .map(type -> type.getType() + "/" + type.getSubtype())
                .collect(Collectors.joining(", "));
    }
}
