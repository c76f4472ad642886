package dev.carillon.scheduler.phrase;

import java.time.LocalTime;

/** A time of day as it was said. */
record Clock(Form form, LocalTime time) {
    enum Form {
        /** By 24 hours, or with am or pm. */
        EXACT,
        /** By 12 hours without am or pm; {@code time} is before noon, or between noon and 1 pm. */
        TWELVE,
        /** Between two days, of which it is not said which. */
        MIDNIGHT,
        /** 24:00, the end of the day. */
        END,
        /** The end of the day, of which it is not said whether it is the working day. */
        CLOSE
    }

    static final Clock NOON = new Clock(Form.EXACT, LocalTime.NOON);
    static final Clock AT_MIDNIGHT = new Clock(Form.MIDNIGHT, LocalTime.MIDNIGHT);
    static final Clock AT_CLOSE = new Clock(Form.CLOSE, LocalTime.of(17, 0));
    static final Clock AT_END = new Clock(Form.END, LocalTime.MIDNIGHT);

    /** What a time by 12 hours means without am or pm, if anybody would say so: 8 to 11 in the morning, 12 at noon. */
    boolean isPlain() {
        return form == Form.TWELVE && time.getHour() >= 8;
    }

    /** The other time that a clock face shows alike. */
    LocalTime opposite() {
        return time.plusHours(12);
    }
}
