package dev.carillon.delivery.containment;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Room for open calls and for their content, and who may have how much of it. Nobody holds more than a share of what they hold and what is free, taken together: so
 * whoever is alone gets most of it, and the more is in use, the less of it each may have, which leaves something for whoever comes next, however many hold theirs
 * for long. Places for calls are each channel's own; of the memory for content each channel has a part for itself, and the rest is for all. Not thread-safe.
 */
final class Room {
    private static final Holding NOTHING = new Holding(0, 0);

    /** @param receiver null for all that are the tenant's */
    private record Holder(
            String channel, String tenant, @Nullable String receiver) {}

    /** What the open calls of one take. */
    private record Holding(int calls, long bytes) {}

    /**
     * Who wants room.
     *
     * @param scope where it waits if it gets none
     */
    private record Claim(Holder holder, double share, Scope scope) {}

    private final Limits.Shares shares;
    private final long memory;
    private final long ofEachChannel;
    private final Map<String, Long> bytesByChannel = new HashMap<>();
    private final Map<Holder, Holding> holdings = new HashMap<>();

    /** @throws IllegalArgumentException when the channels' own parts are more than there is */
    Room(Limits limits, Collection<String> channels) {
        this.shares = limits.shares();
        this.memory = limits.contentBytes();
        if (shares.channel() * channels.size() > 1) {
            throw new IllegalArgumentException("the channels cannot have more of the content memory than all of it");
        }
        this.ofEachChannel = (long) (memory * shares.channel());
        channels.forEach(channel -> bytesByChannel.put(channel, 0L));
    }

    /** Where one more call would be too many; null when there is a place for it. */
    @Nullable Scope crowded(List<Scope> asked, Request request) {
        for (var scope : asked) {
            if (scope.calls != null && !scope.calls.isFree()) {
                return scope;
            }
        }
        for (var claim : claims(asked, request)) {
            var ofAll = asked.getFirst().calls;
            if (ofAll != null && !mayHave(claim.share, held(claim.holder).calls, 1, ofAll.free())) {
                return claim.scope;
            }
        }
        return null;
    }

    /** Where the content of one more call would be too much; null when there is memory for it. One that is larger than all there is goes alone in its channel. */
    @Nullable Scope full(List<Scope> asked, Request request) {
        if (bytesOf(request.channel()) == 0) {
            return null;
        }
        long free = freeBytes(request.channel());
        for (var claim : claims(asked, request)) {
            if (!mayHave(claim.share, held(claim.holder).bytes, request.contentBytes(), free)) {
                return claim.scope;
            }
        }
        return null;
    }

    void take(List<Scope> asked, Request request) {
        change(asked, request, 1);
    }

    void release(List<Scope> asked, Request request) {
        change(asked, request, -1);
    }

    private void change(List<Scope> asked, Request request, int calls) {
        long bytes = (long) calls * request.contentBytes();
        bytesByChannel.put(request.channel(), bytesOf(request.channel()) + bytes);
        for (var claim : claims(asked, request)) {
            var held = held(claim.holder);
            if (held.calls + calls == 0) {
                holdings.remove(claim.holder);
            } else {
                holdings.put(claim.holder, new Holding(held.calls + calls, held.bytes + bytes));
            }
        }
    }

    /** How much content all open calls hold. */
    long bytes() {
        return bytesByChannel.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * What the tenant holds in a channel, or at one of its receivers; null for what has no share.
     *
     * @param widest the scope that counts all calls of the channel
     */
    Standing.@Nullable ShareStanding standing(Scope scope, Scope widest, String tenant) {
        boolean isTenants = scope.name.isWidest();
        if (widest.calls == null || !isTenants && scope.name.kind() != ScopeName.Kind.ENDPOINT) {
            return null;
        }
        var channel = scope.name.channel();
        var held = held(new Holder(channel, tenant, isTenants ? null : scope.name.name()));
        double share = isTenants ? shares.tenant() : shares.receiver();
        return new Standing.ShareStanding(
                held.calls,
                (int) most(share, held.calls, widest.calls.free()),
                held.bytes,
                most(share, held.bytes, freeBytes(channel)));
    }

    /** The widest first, so that nobody is said to have too much where there is nothing left at all. */
    private List<Claim> claims(List<Scope> asked, Request request) {
        if (asked.isEmpty()) {
            return List.of();
        }
        var ofTenant =
                new Claim(new Holder(request.channel(), request.tenant(), null), shares.tenant(), asked.getFirst());
        var narrowest = asked.getLast();
        if (narrowest.name.kind() != ScopeName.Kind.ENDPOINT) {
            return List.of(ofTenant);
        }
        var receiver = new Holder(request.channel(), request.tenant(), narrowest.name.name());
        return List.of(ofTenant, new Claim(receiver, shares.receiver(), narrowest));
    }

    /** Whoever holds nothing is not asked for a share: one call can always be made where there is room for it. */
    private static boolean mayHave(double share, long held, long more, long free) {
        return more <= free && (held == 0 || held + more <= most(share, held, free));
    }

    private static long most(double share, long held, long free) {
        return (long) (share * (held + free));
    }

    private Holding held(Holder holder) {
        return holdings.getOrDefault(holder, NOTHING);
    }

    private long bytesOf(String channel) {
        return bytesByChannel.getOrDefault(channel, 0L);
    }

    /** What a channel can still have: what is left of its own part, and of that for all. */
    private long freeBytes(String channel) {
        long ofAll = memory - ofEachChannel * bytesByChannel.size();
        for (long held : bytesByChannel.values()) {
            ofAll -= Math.max(0, held - ofEachChannel);
        }
        return Math.max(0, ofAll) + Math.max(0, ofEachChannel - bytesOf(channel));
    }
}
