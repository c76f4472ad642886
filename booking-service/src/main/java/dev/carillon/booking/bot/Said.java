package dev.carillon.booking.bot;

/** What the bot says in answer; each is one call of the Bot API. */
public sealed interface Said {
    /** In a new message. */
    record Message(Screen screen) implements Said {}

    /** In place of what its message said before. */
    record Rewritten(long messageId, Screen screen) implements Said {}

    /** That a button was heard; a word over the chat, or nothing when that is empty. Worth nothing when it comes late. */
    record Heeded(String query, String toast) implements Said {}
}
