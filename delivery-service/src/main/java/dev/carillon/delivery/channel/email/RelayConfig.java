package dev.carillon.delivery.channel.email;

import dev.carillon.delivery.channel.email.SmtpSettings.StartTls;
import io.smallrye.config.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The settings as the mail client takes them, for one line to the relay. */
final class RelayConfig {

    private final String host;
    private final SmtpSettings settings;
    private final @Nullable PemTrustOptions trusted;

    /** Reads the file of trusted certificates, if there is one. */
    RelayConfig(Vertx vertx, String host, SmtpSettings settings) {
        this.host = host;
        this.settings = settings;
        this.trusted =
                settings.trustedCertificates().map(file -> trusted(vertx, file)).orElse(null);
    }

    private static PemTrustOptions trusted(Vertx vertx, String file) {
        Buffer pem = vertx.fileSystem().readFileBlocking(file);
        if (!pem.toString().contains("-----BEGIN CERTIFICATE-----")) {
            throw new IllegalArgumentException("carillon.smtp.trusted-certificates has no certificate in PEM: " + file);
        }
        return new PemTrustOptions().addCertValue(pem);
    }

    /** A new one each time. */
    MailConfig ofOneLine() {
        boolean signsIn = settings.username().isPresent();
        MailConfig config = new MailConfig(host, settings.port())
                .setSsl(settings.tls())
                .setStarttls(startTls(signsIn))
                .setTrustAll(settings.trustAll())
                .setLogin(signsIn ? LoginOption.REQUIRED : LoginOption.DISABLED)
                .setMaxPoolSize(1)
                .setKeepAlive(true)
                .setKeepAliveTimeout(
                        Math.toIntExact(Math.max(1, settings.keepAlive().toSeconds())))
                .setKeepAliveTimeoutUnit(TimeUnit.SECONDS)
                .setPoolCleanerPeriod(5)
                .setPoolCleanerPeriodUnit(TimeUnit.SECONDS);
        settings.username().ifPresent(config::setUsername);
        settings.password().map(Secret::get).ifPresent(config::setPassword);
        settings.ownHostname().ifPresent(config::setOwnHostname);
        if (trusted != null) {
            config.setTrustOptions(trusted);
        }
        config.setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
        config.setIdleTimeout(Math.toIntExact(idleTimeout().toMillis()));
        config.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return config;
    }

    /** A socket on which nothing moves for so long is closed. No shorter than a call: that is for the call to end. */
    private Duration idleTimeout() {
        return settings.timeout().compareTo(settings.keepAlive()) > 0 ? settings.timeout() : settings.keepAlive();
    }

    private StartTLSOptions startTls(boolean signsIn) {
        if (settings.tls()) {
            return StartTLSOptions.DISABLED;
        }
        return switch (settings.startTls().orElse(signsIn ? StartTls.REQUIRED : StartTls.OPTIONAL)) {
            case DISABLED -> StartTLSOptions.DISABLED;
            case OPTIONAL -> StartTLSOptions.OPTIONAL;
            case REQUIRED -> StartTLSOptions.REQUIRED;
        };
    }
}
