package dev.carillon.delivery.channel;

import java.util.Locale;

/** Why a provider's call did not deliver, from a closed list: for rules, metrics and filters, where prose will not do. */
public enum Reason {
    /** The host refused the connection. */
    CONNECTION_REFUSED,
    /** No route, no network, or an address that does not answer. */
    UNREACHABLE,
    /** The host's name resolves to nothing, or the name servers do not answer. */
    HOST_NOT_FOUND,
    /** No secure connection: certificate, protocol or handshake. */
    TLS_FAILED,
    /** The connection broke before the answer. */
    CONNECTION_LOST,
    /** No answer within the call's time, and the call was under way: it may have arrived. */
    TIMEOUT,
    /** The call's time to be sent went by before anything was: no connection was free, or the name servers did not answer. */
    NOT_SENT,
    /** Likewise, but since other calls had all connections that it might use. It is no attempt. */
    NO_TURN,
    /**
     * Nobody was asked, not even the name servers: this process has too many other names to look up. It is an attempt only once it has been so again and
     * again.
     */
    RESOLVER_BUSY,
    /** An answer that is not in the provider's protocol. */
    UNREADABLE_ANSWER,
    /** Too many calls, says the provider. */
    RATE_LIMITED,
    /** The provider failed, and says it may do better later. */
    PROVIDER_FAILED,
    /** The provider works, and cannot reach this one mailbox now: it is full, locked or not known to be there. */
    MAILBOX_UNAVAILABLE,
    /** The provider does not accept the installation's own credentials: the operator can help, the sender cannot. */
    CREDENTIALS_REFUSED,
    /** The channel has no settings to work with. */
    NOT_CONFIGURED,
    /** The destination is one that Carillon does not connect to: a private network, or no acceptable address at all. */
    DESTINATION_REFUSED,
    /** The receiver says it is gone for good, and wants no more. */
    DESTINATION_GONE,
    /** The tenant has no endpoint of this id, or has it no more. */
    ENDPOINT_UNKNOWN,
    /** The content cannot go over this channel. */
    CONTENT_REFUSED,
    /** The receiver points elsewhere, and redirects are not followed. */
    REDIRECTED,
    /** The provider refused this message, and would refuse it again. */
    REJECTED;

    private final String slug = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name outside of this program, such as {@code destination-refused}. */
    public String slug() {
        return slug;
    }
}
