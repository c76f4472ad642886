package dev.carillon.delivery.support;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Channels that call nobody: what comes of a tenant's calls is what a test says, and everybody else's are delivered. */
@Alternative
@Singleton
public final class ChannelsInHand {

    /** The answer to each call, counted from 1. */
    public interface Script {
        ProviderAnswer answer(int call);
    }

    private static final ProviderAnswer DELIVERED = new ProviderAnswer.Delivered(200, null, null);

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<ProviderAnswer>> hanging = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    @Produces
    @Singleton
    public Channels channels() {
        return new Channels(Stream.of(Destination.EMAIL, Destination.TELEGRAM, Destination.WEBHOOK)
                .map(InHand::new)
                .toList());
    }

    public void answering(String tenant, Script script) {
        scripts.put(tenant, script);
    }

    /** The tenant's calls get no answer until it is {@link #letGo}. */
    public void hang(String tenant) {
        var unused = hanging.put(tenant, new CompletableFuture<>());
    }

    /** Whatever hangs is delivered, and what is called later. */
    public void letGo(String tenant) {
        var awaited = hanging.get(tenant);
        if (awaited != null) {
            awaited.complete(DELIVERED);
        }
    }

    /** Whatever hangs is answered like this, and what is called later as the script says. */
    public void answer(String tenant, ProviderAnswer answer) {
        var awaited = hanging.remove(tenant);
        if (awaited != null) {
            awaited.complete(answer);
        }
    }

    public int calls(String tenant) {
        return counter(tenant).get();
    }

    private AtomicInteger counter(String tenant) {
        return calls.computeIfAbsent(tenant, none -> new AtomicInteger());
    }

    private CompletionStage<ProviderAnswer> answer(String tenant) {
        int call = counter(tenant).incrementAndGet();
        var awaited = hanging.get(tenant);
        return awaited == null
                ? CompletableFuture.completedFuture(
                        scripts.getOrDefault(tenant, any -> DELIVERED).answer(call))
                : onCallersContext(awaited);
    }

    /** As a channel has to; see {@link Channel}. */
    private static CompletionStage<ProviderAnswer> onCallersContext(CompletableFuture<ProviderAnswer> awaited) {
        var context = Objects.requireNonNull(Vertx.currentContext(), "called on no context");
        var answer = new CompletableFuture<ProviderAnswer>();
        var unused = awaited.thenAccept(said -> context.runOnContext(go -> answer.complete(said)));
        return answer;
    }

    private final class InHand implements Channel {
        private final String name;

        InHand(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(6);
        }

        @Override
        public CompletionStage<ProviderAnswer> send(Outbound outbound) {
            return answer(outbound.tenant());
        }
    }
}
