package dev.carillon.delivery.containment.usecase;

import dev.carillon.delivery.ContainmentSettings;
import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.containment.Answer;
import dev.carillon.delivery.containment.Breaker;
import dev.carillon.delivery.containment.Containment;
import dev.carillon.delivery.containment.Limits;
import dev.carillon.delivery.containment.RateLimit.Rate;
import dev.carillon.delivery.containment.Request;
import dev.carillon.delivery.containment.RetryBudget;
import dev.carillon.delivery.containment.Standing;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The permits of this process. */
@ApplicationScoped
public class Permits {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Limits limits;
    private final Channels channels;
    private final MeterRegistry metrics;
    private volatile @Nullable Containment containment;

    /** @throws IllegalArgumentException when the settings would let nothing pass */
    public Permits(ContainmentSettings settings, Channels channels, MeterRegistry metrics) {
        this.limits = limits(settings, channels);
        this.channels = channels;
        this.metrics = metrics;
    }

    /** Before anything is asked for. */
    public void start(InstantSource clock, Duration headStart) {
        var started = new Containment(
                limits, headStart, clock, () -> ThreadLocalRandom.current().nextDouble(), new PermitMetrics(metrics));
        PermitMetrics.gauges(metrics, started, channels);
        containment = started;
    }

    /** Decides, in memory and at once. */
    public Answer ask(Request request) {
        return started().ask(request);
    }

    /** How channels and providers stand in this process, and the tenant's own receivers. */
    public List<Standing> standings(String tenant) {
        return started().standings(tenant);
    }

    private Containment started() {
        var known = containment;
        if (known == null) {
            throw new IllegalStateException("permits are asked for before the start");
        }
        return known;
    }

    private static Limits limits(ContainmentSettings settings, Channels channels) {
        if (settings.instances() < 1) {
            throw new IllegalArgumentException("carillon.containment.instances is at least 1");
        }
        var budget = settings.retryBudget();
        return new Limits(
                breaker(settings.breaker()),
                new RetryBudget.Limits(budget.ratio(), budget.floor(), budget.most()),
                settings.openCalls().channel(),
                settings.openCalls().receiver(),
                channels.all().stream()
                        .collect(Collectors.toMap(
                                Channel::name, one -> new Limits.Pace(one.connections(), one.timeout()))),
                rates(settings),
                channels.named(Destination.TELEGRAM).map(Channel::tenantsApart).orElse(Set.of()),
                settings.pause().first(),
                settings.pause().longest(),
                settings.contentMemory().asLongValue(),
                shares(settings.shares()),
                settings.receivers());
    }

    private static Breaker.Limits breaker(ContainmentSettings.Breaker breaker) {
        return new Breaker.Limits(
                breaker.window(),
                breaker.leastCalls(),
                breaker.failureRate(),
                breaker.slowCall(),
                breaker.slowRate(),
                breaker.firstOpen(),
                breaker.longestOpen(),
                breaker.probes());
    }

    private static Limits.Shares shares(ContainmentSettings.Shares shares) {
        return new Limits.Shares(shares.receiver(), shares.tenant(), shares.channel());
    }

    private static Limits.Rates rates(ContainmentSettings settings) {
        var rates = settings.rates();
        int instances = settings.instances();
        return new Limits.Rates(
                rates.email().map(each -> shared(each, SECOND, instances)).orElse(null),
                shared(rates.telegram(), SECOND, instances),
                shared(rates.telegramChat(), SECOND, instances),
                shared(rates.telegramGroup(), MINUTE, instances),
                rates.endpoint().map(each -> shared(each, SECOND, instances)).orElse(null));
    }

    private static Rate shared(int calls, Duration per, int instances) {
        return new Rate(calls, per).sharedBy(instances);
    }
}
