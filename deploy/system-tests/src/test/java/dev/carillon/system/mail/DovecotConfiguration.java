package dev.carillon.system.mail;

import java.util.Arrays;
import java.util.Optional;

/**
 * Dovecot's configuration, in the language of the version that is to read it. The tests run with that of 2.3. That of 2.4 was written after Dovecot's
 * documentation ("Upgrading Dovecot CE from 2.3 to 2.4", "Static Password Database") and has been read by no 2.4 yet: where one does not
 * start with it, the test is left out and says why.
 */
enum DovecotConfiguration {
    OF_2_3("2.3.", "dovecot-2.3.conf", true),
    OF_2_4("2.4.", "dovecot-2.4.conf", false);

    private final String versions;
    private final String file;
    private final boolean proven;

    DovecotConfiguration(String versions, String file, boolean proven) {
        this.versions = versions;
        this.file = file;
        this.proven = proven;
    }

    /** @param version as {@code dovecot --version} tells it, such as {@code 2.3.19.1 (9b53102964)} or {@code 2.4.1-4 (7d8c0e5759)} */
    static Optional<DovecotConfiguration> of(String version) {
        return Arrays.stream(values())
                .filter(one -> version.startsWith(one.versions))
                .findFirst();
    }

    /** In {@code src/test/mail}. */
    String file() {
        return file;
    }

    /** Whether a Dovecot has run with it, so that one that does not start is a fault. */
    boolean isProven() {
        return proven;
    }
}
