package dev.carillon.system.races;

import dev.carillon.system.stack.RunningStack;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * One message, and what its client wishes of it while it is on its way; the same for the same seed.
 *
 * @param number in its run, from 0
 * @param dueIn from its creation to its instant
 * @param offset of the first wish, from what the moment is counted from
 * @param apart from the first wish to the second
 * @param postponed from the first wish to the new instant, where one is wished for
 * @param instances which scheduler is asked for the message, and which for each wish
 */
record Race(
        int number,
        Kind kind,
        Receiver receiver,
        Moment moment,
        Duration dueIn,
        Duration offset,
        Duration apart,
        Duration postponed,
        List<Integer> instances) {

    /** What a client may wish. */
    enum Wish {
        CANCEL,
        RESCHEDULE,
        REWRITE
    }

    /** Who races whom; the attempt is always in the race. */
    enum Kind {
        CANCEL_AND_FIRE(Wish.CANCEL),
        RESCHEDULE_AND_FIRE(Wish.RESCHEDULE),
        REWRITE_AND_FIRE(Wish.REWRITE),
        CANCEL_AND_RESCHEDULE(Wish.CANCEL, Wish.RESCHEDULE),
        REWRITE_AND_CANCEL(Wish.REWRITE, Wish.CANCEL),
        CANCEL_AND_CANCEL(Wish.CANCEL, Wish.CANCEL);

        private final List<Wish> wishes;

        Kind(Wish... wishes) {
            this.wishes = List.of(wishes);
        }

        List<Wish> wishes() {
            return wishes;
        }
    }

    /** How the local providers take it. */
    enum Receiver {
        FINE,
        /** Most requests get an error. */
        FAILING,
        /** Answers after a while. */
        SLOW,
        /** Does not answer half of the requests. */
        HANGING;

        /** The path of its webhooks. */
        String path() {
            return "/webhooks/races/" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** When the wishes come: as the first and the last offset, in milliseconds, from the message's creation, its staging or its instant. */
    enum Moment {
        BEFORE_STAGING(Base.STAGING, -700, -150, Receiver.FINE),
        AT_STAGING(Base.STAGING, -60, 120, Receiver.FINE),
        STAGED(Base.CREATION, 0, 1_200, Receiver.FINE, Receiver.FAILING),
        AT_THE_INTENT(Base.INSTANT, -360, -240, Receiver.FINE, Receiver.FAILING, Receiver.SLOW),
        AT_THE_INSTANT(Base.INSTANT, -30, 40, Receiver.FINE, Receiver.FAILING),
        AFTER(Base.INSTANT, 40, 500, Receiver.FINE, Receiver.FAILING),
        WHILE_A_RETRY_WAITS(Base.INSTANT, 100, 5_500, Receiver.FAILING),
        AT_THE_RETRY(Base.INSTANT, 5_600, 6_100, Receiver.FAILING),
        WHILE_THE_RECEIVER_IS_SLOW(Base.INSTANT, 20, 900, Receiver.SLOW),
        WHILE_THE_RECEIVER_HANGS(Base.INSTANT, 50, 5_300, Receiver.HANGING);

        private final Base base;
        private final int first;
        private final int last;
        private final List<Receiver> receivers;

        Moment(Base base, int first, int last, Receiver... receivers) {
            this.base = base;
            this.first = first;
            this.last = last;
            this.receivers = List.of(receivers);
        }

        Base base() {
            return base;
        }

        /** Whether it takes its time: the staging is waited for, or may be once more. */
        boolean takesLong() {
            return base != Base.INSTANT;
        }
    }

    /** What an offset is counted from. */
    enum Base {
        CREATION,
        STAGING,
        INSTANT
    }

    static Race drawn(int number, Moment moment, RandomGenerator random) {
        Kind kind = any(List.of(Kind.values()), random);
        Receiver receiver = any(moment.receivers, random);
        Duration dueIn = moment.base == Base.STAGING
                ? RunningStack.LEAD.plusMillis(random.nextInt(1_000, 1_600))
                : Duration.ofMillis(random.nextInt(1_500, 3_000));
        return new Race(
                number,
                kind,
                receiver,
                moment,
                dueIn,
                Duration.ofMillis(random.nextInt(moment.first, moment.last)),
                // As often in the other order; near each other, or about as far apart as a recall takes.
                Duration.ofMillis(random.nextBoolean() ? random.nextInt(-12, 12) : random.nextInt(-90, 90)),
                postponed(moment, random),
                List.of(instance(random), instance(random), instance(random)));
    }

    /** Sometimes so far that it is given back and staged anew when its time has come. */
    private static Duration postponed(Moment moment, RandomGenerator random) {
        return moment.takesLong() && random.nextInt(3) == 0
                ? RunningStack.LEAD.plusMillis(random.nextInt(500, 2_000))
                : Duration.ofMillis(random.nextInt(300, 4_000));
    }

    private static int instance(RandomGenerator random) {
        return random.nextInt(1, 3);
    }

    private static <T> T any(List<T> some, RandomGenerator random) {
        return some.get(random.nextInt(some.size()));
    }
}
