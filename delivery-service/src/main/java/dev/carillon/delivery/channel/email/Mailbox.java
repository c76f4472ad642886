package dev.carillon.delivery.channel.email;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address as a relay understands it, with the name that people see.
 *
 * @param address ASCII; a domain in another script stands in its {@code xn--} form
 * @param name without line breaks and other control characters
 */
record Mailbox(@Nullable String name, String address) {

    private static final Pattern LOCAL =
            Pattern.compile("[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    private static final Pattern NAMED = Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^<>\"]*?)\\s*<([^<>]*)>\\s*");

    /** Reads {@code a@b} or {@code Name <a@b>}; the name may stand in quotes. Empty for everything else. */
    static Optional<Mailbox> parse(String text) {
        if (!text.equals(HeaderText.line(text))) {
            return Optional.empty();
        }
        Matcher named = NAMED.matcher(text);
        if (!named.matches()) {
            return address(text.strip()).map(address -> new Mailbox(null, address));
        }
        String name = unquoted(named.group(1));
        return address(named.group(2)).map(address -> new Mailbox(name.isEmpty() ? null : name, address));
    }

    /** The address that SMTP can carry without SMTPUTF8; empty if there is none. Quoted local parts are not taken. */
    static Optional<String> address(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at > 64 || text.length() > 254) {
            return Optional.empty();
        }
        String local = text.substring(0, at);
        return LOCAL.matcher(local).matches()
                ? domain(text.substring(at + 1)).map(domain -> local + "@" + domain)
                : Optional.empty();
    }

    private static Optional<String> domain(String text) {
        try {
            String ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return ascii.length() <= 253 && DOMAIN.matcher(ascii).matches() ? Optional.of(ascii) : Optional.empty();
        } catch (IllegalArgumentException notADomain) {
            return Optional.empty();
        }
    }

    private static String unquoted(String name) {
        return name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
                : name;
    }

    /** As it stands in a header. */
    String header() {
        return name == null ? address : HeaderText.phrase(name) + " <" + address + ">";
    }
}
