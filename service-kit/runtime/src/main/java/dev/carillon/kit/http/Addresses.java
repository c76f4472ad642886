package dev.carillon.kit.http;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What can be an address. Deliberately wide: the receiving server decides; this refuses what cannot be one, or would break a header.
 */
public final class Addresses {
    private static final Pattern EMAIL =
            Pattern.compile("[^\\s@<>(),;:\\\\\"\\[\\]\\p{Cntrl}]{1,64}@[^\\s@<>(),;:\\\\\"\\p{Cntrl}]{1,253}");
    // Of a mailbox: without quotes, or all of it in quotes.
    private static final Pattern NAME = Pattern.compile("[^<>\"\\p{Cntrl}\\u0085\\u2028\\u2029]*"
            + "|\"(?:[^\"\\\\\\p{Cntrl}\\u0085\\u2028\\u2029]|\\\\[^\\p{Cntrl}\\u0085\\u2028\\u2029])*\" *");
    private static final int LONGEST_MAILBOX = 500;
    private static final Pattern TELEGRAM_CHAT = Pattern.compile("-?\\d{1,19}|@[A-Za-z][A-Za-z0-9_]{3,63}");

    private Addresses() {}

    public static boolean isEmail(String text) {
        return EMAIL.matcher(text).matches();
    }

    /**
     * The address of a mailbox (RFC 5322, 3.4): {@code a@b}, or {@code Name <a@b>}, whose name may stand in quotes and is on one line. Empty for whatever is
     * neither, or beyond 500 characters.
     */
    public static Optional<String> ofMailbox(String text) {
        int begin = text.lastIndexOf('<');
        if (begin < 0) {
            return isEmail(text) ? Optional.of(text) : Optional.empty();
        }
        if (text.length() > LONGEST_MAILBOX || !text.endsWith(">") || !text.equals(text.strip())) {
            return Optional.empty();
        }
        var address = text.substring(begin + 1, text.length() - 1);
        return NAME.matcher(text.substring(0, begin)).matches() && isEmail(address)
                ? Optional.of(address)
                : Optional.empty();
    }

    /** A chat's number, or a channel's name (Bot API, chat_id). */
    public static boolean isTelegramChat(String text) {
        return TELEGRAM_CHAT.matcher(text).matches();
    }
}
