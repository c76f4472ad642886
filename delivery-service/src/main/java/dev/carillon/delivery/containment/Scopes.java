package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Destination.Target;
import dev.carillon.delivery.containment.RateLimit.Rate;
import dev.carillon.delivery.containment.ScopeName.Kind;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All scopes, the widest of a destination first. A tenant with a Telegram bot of its own shares neither that nor its chats with others. Receivers and
 * chats are remembered as far as there is room; whoever has not been called for longest is forgotten first, the idle before the others. Not thread-safe.
 */
final class Scopes {
    private static final int LOOKED_AT = 8;

    private final Limits limits;
    private final DoubleSupplier random;
    // By channel: what tenants share.
    private final Map<String, Scope> shared = new LinkedHashMap<>();
    // By tenant: Telegram bots of their own, in place of the shared one.
    private final Map<String, Scope> bots = new LinkedHashMap<>();
    private final Map<ScopeName, Scope> receivers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<ScopeName, Scope> chats = new LinkedHashMap<>(16, 0.75f, true);

    Scopes(Limits limits, Instant now, DoubleSupplier random) {
        this.limits = limits;
        this.random = random;
        shared.put(
                Destination.EMAIL,
                provider(Destination.EMAIL, null, "smtp-relay", limits.rates().email(), now));
        shared.put(Destination.TELEGRAM, bot(null, now));
        var webhooks = new ScopeName(Kind.CHANNEL, Destination.WEBHOOK, null, "webhooks");
        shared.put(Destination.WEBHOOK, new Scope(webhooks, null, null, null, calls(limits.channelCalls()), random));
        limits.ownBots().forEach(tenant -> bots.put(tenant, bot(tenant, now)));
    }

    private Scope bot(@Nullable String tenant, Instant now) {
        return provider(
                Destination.TELEGRAM, tenant, "telegram-bot", limits.rates().telegram(), now);
    }

    private Scope provider(String channel, @Nullable String tenant, String name, @Nullable Rate rate, Instant now) {
        int most = Math.min(limits.channelCalls(), limits.receiverCalls());
        return new Scope(
                new ScopeName(Kind.PROVIDER, channel, tenant, name),
                new Breaker(limits.breaker(), now, random),
                new RetryBudget(limits.retryBudget(), now),
                new RateLimit(rate),
                paced(channel, most),
                random);
    }

    /** Of a channel that tenants share, what this one's calls ask. */
    private Scope widest(Scope ofAll, String tenant) {
        var own = ofAll.name.channel().equals(Destination.TELEGRAM) ? bots.get(tenant) : null;
        return own == null ? ofAll : own;
    }

    /** The channels that there are. */
    Set<String> channels() {
        return shared.keySet();
    }

    /** The scope that counts all calls of the channel, or of this tenant's own bot. */
    @Nullable Scope widest(String channel, String tenant) {
        var ofAll = shared.get(channel);
        return ofAll == null ? null : widest(ofAll, tenant);
    }

    /** @param destination null for one that cannot be read: then only its channel's */
    List<Scope> of(String tenant, String channel, @Nullable Destination destination, Instant now) {
        var scopes = new ArrayList<Scope>(4);
        var widest = widest(channel, tenant);
        if (widest != null) {
            scopes.add(widest);
        }
        switch (destination) {
            case Destination.WebhookUrl(URI url) -> addReceivers(scopes, tenant, channel, url, now);
            case Destination.WebhookEndpoint(UUID id, Target target)
            when target != null -> addReceivers(scopes, tenant, channel, target.url(), now);
            case Destination.Telegram(String chatId) -> {
                scopes.add(chat(Kind.CHAT, tenant, chatId, limits.rates().telegramChat(), now));
                if (chatId.startsWith("-")) {
                    scopes.add(chat(Kind.GROUP, tenant, chatId, limits.rates().telegramGroup(), now));
                }
            }
            // Nobody is called for an endpoint that is not there, and the relay is all that mail has.
            case Destination.WebhookEndpoint unknown -> {}
            case Destination.Email mail -> {}
            case null -> {}
        }
        return scopes;
    }

    /** None where there is no host: nothing is called then. */
    private void addReceivers(List<Scope> scopes, String tenant, String channel, URI url, Instant now) {
        if (url.getHost() != null) {
            scopes.add(receiver(new ScopeName(Kind.HOST, channel, tenant, host(url)), now));
            scopes.add(receiver(new ScopeName(Kind.ENDPOINT, channel, tenant, address(url)), now));
        }
    }

    private Scope receiver(ScopeName name, Instant now) {
        return remembered(receivers, name, now, () -> {
            var breaker = new Breaker(limits.breaker(), now, random);
            var budget = new RetryBudget(limits.retryBudget(), now);
            return name.kind() == Kind.HOST
                    ? new Scope(name, breaker, budget, null, null, random)
                    : new Scope(
                            name,
                            breaker,
                            budget,
                            new RateLimit(limits.rates().endpoint()),
                            paced(name.channel(), limits.receiverCalls()),
                            random);
        });
    }

    private Scope chat(Kind kind, String tenant, String chatId, @Nullable Rate rate, Instant now) {
        var name = new ScopeName(kind, Destination.TELEGRAM, bots.containsKey(tenant) ? tenant : null, chatId);
        return remembered(chats, name, now, () -> new Scope(name, null, null, new RateLimit(rate), null, random));
    }

    private Scope remembered(Map<ScopeName, Scope> all, ScopeName name, Instant now, Supplier<Scope> make) {
        var known = all.get(name);
        if (known != null) {
            return known;
        }
        if (all.size() >= limits.receivers()) {
            all.remove(leastMissed(all.values(), now));
        }
        var made = make.get();
        all.put(name, made);
        return made;
    }

    private static ScopeName leastMissed(Collection<Scope> eldestFirst, Instant now) {
        return eldestFirst.stream()
                .limit(LOOKED_AT)
                .filter(one -> one.isIdle(now))
                .findFirst()
                .orElseGet(() -> eldestFirst.iterator().next())
                .name;
    }

    Stream<Scope> all() {
        return Stream.of(shared.values(), bots.values(), receivers.values(), chats.values())
                .flatMap(Collection::stream);
    }

    /** What this tenant's calls may ask, but for the chats. */
    Stream<Scope> visible(String tenant) {
        return Stream.concat(
                shared.values().stream().map(one -> widest(one, tenant)),
                receivers.values().stream().filter(one -> tenant.equals(one.name.tenant())));
    }

    /** A call that has waited for half of its time is withdrawn; so no more are let in than begin well before. */
    private OpenCalls paced(String channel, int most) {
        var pace = limits.paces().get(channel);
        return pace == null
                ? calls(most)
                : new OpenCalls(new OpenCalls.Limits(
                        most, pace.connections(), pace.timeout().multipliedBy(2).dividedBy(5)));
    }

    private static OpenCalls calls(int most) {
        return new OpenCalls(new OpenCalls.Limits(most, most, null));
    }

    private static String host(URI url) {
        return url.getHost().toLowerCase(Locale.ROOT) + ":" + port(url);
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    private static String address(URI url) {
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT) + "://" + host(url) + path;
    }
}
