package dev.carillon.kit.tx;

import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.util.Optional;

/**
 * Whether connections to a database are encrypted, and whom they believe. The modes are PostgreSQL's own: {@code disable}, {@code require} (whoever answers is
 * believed), {@code verify-ca} (its certificate is signed by {@code ca}) and {@code verify-full} (and is for the host that was asked for).
 *
 * @param ca a file of certificates in PEM; both modes that verify need one
 */
public record DatabaseTls(SslMode mode, Optional<String> ca) {
    public static final DatabaseTls NONE = new DatabaseTls(SslMode.DISABLE, Optional.empty());

    /**
     * @param setting its name, for who has to correct it; that of the file ends {@code -ca}
     * @throws IllegalArgumentException when there is no such mode, or no file to verify by
     */
    public static DatabaseTls of(String setting, String mode, Optional<String> ca) {
        var tls = new DatabaseTls(SslMode.of(mode), ca.filter(file -> !file.isBlank()));
        if (tls.verifies() && tls.ca.isEmpty()) {
            throw new IllegalArgumentException(setting + " is " + mode + ", and " + setting + "-ca names no file");
        }
        return tls;
    }

    private boolean verifies() {
        return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
    }

    /** Changes these options, and answers them. */
    public PgConnectOptions applyTo(PgConnectOptions options) {
        options.setSslMode(mode);
        if (mode != SslMode.DISABLE) {
            options.setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
            options.setTrustAll(!verifies());
            ca.ifPresent(file -> options.setPemTrustOptions(new PemTrustOptions().addCertPath(file)));
        }
        return options;
    }
}
