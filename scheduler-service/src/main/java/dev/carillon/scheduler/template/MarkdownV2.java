package dev.carillon.scheduler.template;

/**
 * Telegram's MarkdownV2 (<a href="https://core.telegram.org/bots/api#markdownv2-style">Bot API, formatting options</a>), as far as filling in needs it:
 * a backslash takes its meaning from the character that follows, in code and in the addresses of links too.
 */
final class MarkdownV2 {
    private static final String WITH_A_MEANING = "_*[]()~`>#+-=|{}.!\\";

    private MarkdownV2() {}

    /** Reads as the text itself, whatever is in it. */
    static String escaped(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (WITH_A_MEANING.indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    /** The markdown, with whose end no backslash reaches into what follows: it would undo the escape that what is filled in begins with. */
    static String closed(String markdown) {
        int end = markdown.length();
        while (end > 0 && markdown.charAt(end - 1) == '\\') {
            end--;
        }
        return (markdown.length() - end) % 2 == 0 ? markdown : markdown + '\\';
    }
}
