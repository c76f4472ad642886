package dev.carillon.delivery.endpoint;

import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered webhook address.
 *
 * <pre>
 *   ENABLED <──> DISABLED
 *      └──> DELETED <──┘
 * </pre>
 *
 * @param disabledBecause while it is disabled
 * @param revision counts the client's own changes, from 1
 * @param version counts every change that is told, from 1
 * @param failures failed attempts since the last one that was delivered
 * @param failingSince when the first of them ended
 */
public record Endpoint(
        UUID id,
        String tenant,
        URI url,
        @Nullable String description,
        Receives receives,
        Status status,
        @Nullable Because disabledBecause,
        @Nullable Instant disabledAt,
        int revision,
        long version,
        int failures,
        @Nullable Instant failingSince,
        Instant createdAt) {

    /** What goes to it beside messages that name it. */
    public enum Receives {
        /** Nothing. */
        MESSAGES,
        /** The end of each message of the tenant. */
        OUTCOMES;

        /** The name that clients and rows see. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when nothing has this name */
        public static Receives of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** Where it stands. */
    public enum Status {
        ENABLED,
        DISABLED,
        DELETED;

        /** The name that clients and rows see. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when no status has this name */
        public static Status of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** Why it is disabled. */
    public enum Because {
        /** Its tenant wants it so. */
        REQUESTED,
        /** It answered 410. */
        GONE,
        /** It has failed for as long as the {@link FailurePolicy} bears. */
        FAILING;

        /** The name that clients and rows see. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when no reason has this name */
        public static Because of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** One that has just been registered. */
    public static Endpoint registered(
            UUID id, String tenant, URI url, @Nullable String description, Receives receives, Instant now) {
        return new Endpoint(id, tenant, url, description, receives, Status.ENABLED, null, null, 1, 1, 0, null, now);
    }

    public boolean isDisabled() {
        return status == Status.DISABLED;
    }

    public boolean isDeleted() {
        return status == Status.DELETED;
    }

    /** Changed by its client; the same object when nothing is other than it was. A new address has not failed yet. */
    public Endpoint changed(URI newUrl, @Nullable String newDescription, Receives nowReceives) {
        boolean moved = !newUrl.equals(url);
        var changed = new Endpoint(
                id,
                tenant,
                newUrl,
                newDescription,
                nowReceives,
                status,
                disabledBecause,
                disabledAt,
                revision,
                version,
                moved ? 0 : failures,
                moved ? null : failingSince,
                createdAt);
        return changed.equals(this) ? this : changed.by(1);
    }

    /** It has another secret. */
    public Endpoint rotated() {
        return by(1);
    }

    /** Nothing goes to it until it is enabled; the same object when it is disabled already. */
    public Endpoint disabled(Because why, Instant now) {
        return isDisabled()
                ? this
                : with(Status.DISABLED, why, now, failures, failingSince).by(ofClient(why));
    }

    private static int ofClient(Because why) {
        return why == Because.REQUESTED ? 1 : 0;
    }

    /** What goes to it is attempted again, and its failures are forgotten; the same object when it is enabled already. */
    public Endpoint enabled() {
        return isDisabled() ? with(Status.ENABLED, null, null, 0, null).by(1) : this;
    }

    /** Gone for good. */
    public Endpoint deleted() {
        return with(Status.DELETED, null, null, 0, null).by(1);
    }

    /** After attempts of which none was delivered; to be told only when somebody has to know, see {@link #told}. */
    public Endpoint failed(int attempts, Instant now) {
        return with(
                status, disabledBecause, disabledAt, failures + attempts, failingSince == null ? now : failingSince);
    }

    /** After an attempt that was delivered; as {@link #failed}. */
    public Endpoint succeeded() {
        return with(status, disabledBecause, disabledAt, 0, null);
    }

    /** A new version, for an event about it. */
    public Endpoint told() {
        return by(0);
    }

    private Endpoint by(int revisions) {
        return new Endpoint(
                id,
                tenant,
                url,
                description,
                receives,
                status,
                disabledBecause,
                disabledAt,
                revision + revisions,
                version + 1,
                failures,
                failingSince,
                createdAt);
    }

    private Endpoint with(
            Status next, @Nullable Because why, @Nullable Instant since, int failed, @Nullable Instant failingFrom) {
        return new Endpoint(
                id,
                tenant,
                url,
                description,
                receives,
                next,
                why,
                since,
                revision,
                version,
                failed,
                failingFrom,
                createdAt);
    }
}
