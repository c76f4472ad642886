package dev.carillon.benchmarks.stack;

import java.time.Duration;

/**
 * Sends webhooks through the whole stack, as fast as its clients get their answers, until its JVMs have compiled what they run; and then waits until
 * the last one has arrived.
 */
final class WarmUp {
    private static final int CLIENTS = 32;
    private static final int MOST_A_SECOND = 5_000;
    private static final Duration FOR_THE_REST = Duration.ofSeconds(60);

    private WarmUp() {}

    /** @return how many it sent */
    static int run(LocalStack stack, Receiver receiver, int seconds) {
        System.err.println("warming up for " + seconds + " s …");
        var posts = new Posts(stack.schedulerPort(), stack.apiKey(), receiver.url());
        var arrivals = new Arrivals(seconds * MOST_A_SECOND);
        receiver.notes(arrivals);
        var outcome =
                new Load(stack.schedulerPort(), CLIENTS).closedFor(seconds, seconds * MOST_A_SECOND, 201, posts::now);
        outcome.check();
        int sent = outcome.millis().length;
        Patience.until(() -> arrivals.arrived() == sent, FOR_THE_REST);
        return sent;
    }
}
