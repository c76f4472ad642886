package dev.carillon.booking.bot;

/** What somebody said to the bot. */
public sealed interface Heard {
    /** @param name without the slash, in lower case, such as {@code book} */
    record Command(String name) implements Heard {}

    record Said(String text) implements Heard {
        /** Whatever writes what was heard into a log writes nobody's name. */
        @Override
        public String toString() {
            return "Said";
        }
    }

    /**
     * A button was pressed, or somebody says so.
     *
     * @param data as it came: anybody can send anything
     * @param query what Telegram wants answered
     * @param messageId the message that the button is under
     */
    record Pressed(String data, String query, long messageId) implements Heard {}

    /** A photo, a sticker, something that no conversation needs. */
    record Other() implements Heard {}
}
