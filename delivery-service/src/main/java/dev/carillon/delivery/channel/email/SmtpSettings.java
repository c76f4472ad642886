package dev.carillon.delivery.channel.email;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Which relay takes the e-mail: any; for Amazon SES its SMTP endpoint, and SMTP credentials. */
@ConfigMapping(prefix = "carillon.smtp")
public interface SmtpSettings {

    /** The relay, such as {@code email-smtp.eu-central-1.amazonaws.com}. Without it no e-mail is sent. */
    Optional<String> host();

    /** The relay's port: 587 for submission, 465 with {@code carillon.smtp.tls}. */
    @WithDefault("587")
    int port();

    /** The user name to sign in with; without it the relay is used without signing in. */
    Optional<String> username();

    /** The password to sign in with. */
    Optional<Secret<String>> password();

    /** The sender of messages that name none: {@code a@b} or {@code Name <a@b>}. */
    Optional<String> from();

    /**
     * Whether to secure the connection after it is open. Unset: required where there is a username, because a password
     * must not travel in the clear, and otherwise used where the relay offers it.
     */
    Optional<StartTls> startTls();

    /** Whether to use TLS from the first byte, usually on port 465. */
    @WithDefault("false")
    boolean tls();

    /** Whether to accept any certificate: for tests, and for a relay on the same machine. */
    @WithDefault("false")
    boolean trustAll();

    /**
     * A file of certificates in PEM that are trusted in place of those that Java trusts, such as the one of a private authority that has signed the relay's.
     * It is read at the start.
     */
    Optional<String> trustedCertificates();

    /** How this machine greets the relay; unset, by its own host name. */
    Optional<String> ownHostname();

    /** The most that one call may take, the wait for a free connection included. */
    @WithDefault("PT30S")
    Duration timeout();

    /** The most that connecting to the relay may take. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** The most connections to the relay; SES and others limit them by account. Further calls wait, within their timeout. */
    @WithDefault("10")
    int poolSize();

    /** How long an unused connection is kept. */
    @WithDefault("PT30S")
    Duration keepAlive();

    /** What to do about securing a connection that begins in the clear. */
    enum StartTls {
        DISABLED,
        OPTIONAL,
        REQUIRED
    }
}
