package dev.carillon.kit.http;

import java.util.regex.Pattern;

/**
 * What can be an address. Deliberately wide: the receiving server decides; this refuses what cannot be one, or would break a header.
 */
public final class Addresses {
    private static final Pattern EMAIL =
            Pattern.compile("[^\\s@<>(),;:\\\\\"\\[\\]\\p{Cntrl}]{1,64}@[^\\s@<>(),;:\\\\\"\\p{Cntrl}]{1,253}");
    private static final Pattern TELEGRAM_CHAT = Pattern.compile("-?\\d{1,19}|@[A-Za-z][A-Za-z0-9_]{3,63}");

    private Addresses() {}

    public static boolean isEmail(String text) {
        return EMAIL.matcher(text).matches();
    }

    /** A chat's number, or a channel's name (Bot API, chat_id). */
    public static boolean isTelegramChat(String text) {
        return TELEGRAM_CHAT.matcher(text).matches();
    }
}
