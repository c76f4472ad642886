package dev.carillon.booking.bot;

import java.util.List;

/**
 * What came of something that was said.
 *
 * @param next the conversation from now on
 * @param did what was done
 */
public record Turn(Conversation next, List<Said> said, Did did) {
    /** What an update comes to; the names are those of a metric's label. */
    public enum Did {
        /** Something is asked, or shown. */
        ASKED,
        /** A polite word. */
        REFUSED,
        BOOKED,
        MOVED,
        CANCELLED,
        CONFIRMED,
        /** It came before, and nothing was done now. */
        REPEATED,
        /** It is nothing for the bot: not in a private chat, not of a kind that it asked for. */
        IGNORED,
        /** Something is wrong here; nothing was done but to say so. */
        FAILED
    }

    /** A screen, where the button was or in a new message. */
    public static Turn shown(Heard heard, Conversation next, Screen screen, Did did) {
        return switch (heard) {
            case Heard.Pressed pressed ->
                new Turn(
                        next,
                        List.of(new Said.Rewritten(pressed.messageId(), screen), new Said.Heeded(pressed.query(), "")),
                        did);
            case Heard.Command ignored -> new Turn(next, List.of(new Said.Message(screen)), did);
            case Heard.Said ignored -> new Turn(next, List.of(new Said.Message(screen)), did);
            case Heard.Other ignored -> new Turn(next, List.of(new Said.Message(screen)), did);
        };
    }

    /** A word that leaves the conversation, and its buttons, as they are. */
    public static Turn refused(Heard heard, Conversation as, Notice why, Screens screens) {
        return heard instanceof Heard.Pressed pressed
                ? new Turn(as, List.of(new Said.Heeded(pressed.query(), screens.text(why))), Did.REFUSED)
                : new Turn(as, List.of(new Said.Message(screens.of(why))), Did.REFUSED);
    }
}
