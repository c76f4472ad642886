package dev.carillon.kit.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.kit.KitServer;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.telemetry.RequestLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final LimitSettings settings = RateLimitsTest.settings(Map.of());
    private final ConcurrencyLimit limit = new ConcurrencyLimit(settings.concurrency(), System::nanoTime);
    private final Admission admission = new Admission(
            new RateLimits(settings), limit, caller(), new LimitMetrics(new SimpleMeterRegistry(), limit));
    private final CompletableFuture<Integer> inFlight = new CompletableFuture<>();
    private final KitServer server = new KitServer(filters(), "/v1/*", this::admitWhenItsClientHasGone);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_request_whose_client_went_before_it_was_let_in_is_not_in_flight_for_ever() throws Exception {
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> server.get("/v1/messages"));
        assertThat(inFlight.get(10, TimeUnit.SECONDS)).isZero();
    }

    /** As in a service, where each request is followed from before it is let in. */
    private static Filters filters() {
        var filters = new Filters();
        new RequestLog().register(filters);
        return filters;
    }

    private void admitWhenItsClientHasGone(RoutingContext exchange) {
        exchange.addEndHandler(gone -> exchange.vertx().runOnContext(next -> {
            admission.admit(unmarked(), exchange);
            inFlight.complete(limit.inFlight());
        }));
        exchange.request().connection().close();
    }

    private static ContainerRequestContext unmarked() {
        return (ContainerRequestContext) Proxy.newProxyInstance(
                ContainerRequestContext.class.getClassLoader(),
                new Class<?>[] {ContainerRequestContext.class},
                (proxy, method, arguments) -> null);
    }

    private static Caller caller() {
        return new Caller(QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal("ana"))
                .addAttribute(RequestLog.TENANT, "acme")
                .build());
    }
}
