package dev.carillon.delivery.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Asks the operating system's resolver, on threads of its own, because the system's call blocks.
 *
 * <p>Questions for one name share one look-up, so that a receiver whose name servers hang holds one thread and no more; who
 * asks for a name that has hung for long is told so at once, and what was found of late is not asked again. A
 * tenant has a quarter of the threads at most; its other questions wait in a queue of its own, and the queues take turns.
 * So a tenant whose names hang leaves threads to the others. A question that would wait for too long is refused at once, and
 * one that nobody waits for any more is not asked.
 */
final class SystemHostAddresses implements HostAddresses, AutoCloseable {

    /** Blocks until the answer is there. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    static final int THREADS = 32;
    static final int THREADS_OF_TENANT = THREADS / 4;
    static final int WAITING_OF_TENANT = 1_024;

    // What the resolver itself takes for one name server that is silent, tried twice.
    private static final Duration HUNG = Duration.ofSeconds(10);
    private static final double LOOKUP_SECONDS_AT_FIRST = 0.02;
    private static final double LOOKUP_SECONDS_AT_LEAST = 0.001;
    // A few names that hang mean little; a few quick ones mean that they do not hang any more.
    private static final double WEIGHT_OF_SLOWER = 0.05;
    private static final double WEIGHT_OF_QUICKER = 0.2;

    private final Resolver resolver;
    private final LongSupplier nanos;
    private final ThreadPoolExecutor threads;
    private final KnownHosts known = new KnownHosts();
    // What the resolver is asked, by name. No such name is in a queue.
    private final Map<String, Question> underWay = new HashMap<>();
    // Those that ask anything; whose turn it is comes first.
    private final Map<String, Asking> tenants = new LinkedHashMap<>();

    SystemHostAddresses() {
        this(InetAddress::getAllByName, System::nanoTime);
    }

    /** @param nanos the time, as {@link System#nanoTime} gives it */
    SystemHostAddresses(Resolver resolver, LongSupplier nanos) {
        this.resolver = resolver;
        this.nanos = nanos;
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                // Holds what has begun while the thread before it has not quite ended, and no more.
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("carillon-dns-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** What a tenant asks. */
    private static final class Asking {
        private final String tenant;
        private final Map<String, Question> waiting = new LinkedHashMap<>();
        private final Set<Question> underWay = new HashSet<>();
        private double lookupSeconds = LOOKUP_SECONDS_AT_FIRST;

        Asking(String tenant) {
            this.tenant = tenant;
        }

        boolean hasThreads() {
            return underWay.size() < THREADS_OF_TENANT;
        }

        boolean mayBegin() {
            return hasThreads() && !waiting.isEmpty();
        }

        boolean isIdle() {
            return underWay.isEmpty() && waiting.isEmpty();
        }

        Question takeFirst() {
            Iterator<Question> questions = waiting.values().iterator();
            Question first = questions.next();
            questions.remove();
            return first;
        }

        void ended(Question question, Duration took) {
            underWay.remove(question);
            double difference = seconds(took) - lookupSeconds;
            lookupSeconds += difference * (difference > 0 ? WEIGHT_OF_SLOWER : WEIGHT_OF_QUICKER);
        }
    }

    private static final class Question {
        private final Asking asking;
        private final String host;
        private final Set<Waiter> waiters = new LinkedHashSet<>();
        private boolean begun;
        private long begunNanos;

        Question(Asking asking, String host) {
            this.asking = asking;
            this.host = host;
        }

        void begins(long now) {
            begun = true;
            begunNanos = now;
        }

        Duration took(long now) {
            return Duration.ofNanos(now - begunNanos);
        }

        /** What another one waits for is what this one asks. */
        void takeOver(Question other) {
            other.waiters.forEach(waiter -> waiter.question = this);
            waiters.addAll(other.waiters);
        }

        /** What it presumably takes: as long as others did, or as it has taken so far. */
        double expectedSeconds(long now) {
            return Math.max(LOOKUP_SECONDS_AT_LEAST, Math.max(asking.lookupSeconds, seconds(took(now))));
        }
    }

    /** One who asked. */
    private static final class Waiter {
        private final CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<>();
        private final long sinceNanos;
        private Question question;

        Waiter(Question question, long now) {
            this.question = question;
            this.sinceNanos = now;
        }
    }

    @Override
    public Lookup of(String tenant, String host, Duration patience) {
        Lookup lookup = ask(tenant, host, patience);
        beginSome();
        return lookup;
    }

    private synchronized Lookup ask(String tenant, String host, Duration patience) {
        long now = nanos.getAsLong();
        Optional<HostAnswer> answer = known.answer(host, now);
        if (answer.isPresent()) {
            return answer.get().known();
        }
        Question running = underWay.get(host);
        if (running != null) {
            return running.took(now).compareTo(HUNG) < 0
                    ? joined(running, now)
                    : Lookup.failed(new UnknownHostException(host));
        }
        Asking asking = tenants.computeIfAbsent(tenant, Asking::new);
        Question waiting = asking.waiting.get(host);
        if (waiting != null) {
            return joined(waiting, now);
        }
        if (asking.waiting.size() >= WAITING_OF_TENANT || expectedWaitSeconds(asking, now) > seconds(patience)) {
            forgetIfIdle(asking);
            return Lookup.failed(new RejectedExecutionException("too many other names are looked up"));
        }
        Question question = new Question(asking, host);
        asking.waiting.put(host, question);
        return joined(question, now);
    }

    private Lookup joined(Question question, long now) {
        Waiter waiter = new Waiter(question, now);
        question.waiters.add(waiter);
        return new Lookup(waiter.addresses, () -> waited(waiter), () -> leave(waiter));
    }

    private synchronized Duration waited(Waiter waiter) {
        Question question = waiter.question;
        long until = question.begun ? question.begunNanos : nanos.getAsLong();
        return Duration.ofNanos(Math.max(0, until - waiter.sinceNanos));
    }

    private synchronized void leave(Waiter waiter) {
        Question question = waiter.question;
        boolean last = question.waiters.remove(waiter) && question.waiters.isEmpty();
        if (last && question.asking.waiting.remove(question.host, question)) {
            forgetIfIdle(question.asking);
        }
    }

    /** Until the turn of one more question of this tenant, at the pace at which look-ups end now. */
    private double expectedWaitSeconds(Asking asking, long now) {
        double turns = Double.POSITIVE_INFINITY;
        if (!asking.hasThreads()) {
            turns = endsPerSecond(asking.underWay, now);
        }
        if (underWay.size() >= THREADS) {
            long others = tenants.values().stream()
                    .filter(other -> other != asking && other.mayBegin())
                    .count();
            turns = Math.min(turns, endsPerSecond(underWay.values(), now) / (1 + others));
        }
        return (asking.waiting.size() + 1) / turns;
    }

    private static double endsPerSecond(Collection<Question> questions, long now) {
        return questions.stream()
                .mapToDouble(question -> 1 / question.expectedSeconds(now))
                .sum();
    }

    private void beginSome() {
        Optional<Question> next = next();
        while (next.isPresent()) {
            begin(next.get());
            next = next();
        }
    }

    /** The first one of the tenant whose turn it is, which then comes after all others; from now on it is under way. */
    private synchronized Optional<Question> next() {
        if (underWay.size() >= THREADS) {
            return Optional.empty();
        }
        Optional<Question> next =
                tenants.values().stream().filter(Asking::mayBegin).findFirst().map(this::takeFirst);
        next.ifPresent(this::begins);
        return next;
    }

    private Question takeFirst(Asking asking) {
        tenants.remove(asking.tenant);
        tenants.put(asking.tenant, asking);
        return asking.takeFirst();
    }

    private void begins(Question question) {
        question.begins(nanos.getAsLong());
        underWay.put(question.host, question);
        question.asking.underWay.add(question);
        for (Asking other : tenants.values()) {
            Question same = other.waiting.remove(question.host);
            if (same != null) {
                question.takeOver(same);
            }
        }
        tenants.values().removeIf(Asking::isIdle);
    }

    private void begin(Question question) {
        try {
            threads.execute(() -> {
                HostAnswer answer = answer(question.host);
                List<Waiter> told = ended(question, answer);
                beginSome();
                told.forEach(waiter -> answer.tell(waiter.addresses));
            });
        } catch (RejectedExecutionException closed) {
            notAsked(question, closed);
        } catch (OutOfMemoryError noThread) {
            notAsked(question, new RejectedExecutionException("there is no thread to look names up on", noThread));
        }
    }

    private void notAsked(Question question, RejectedExecutionException why) {
        HostAnswer none = HostAnswer.none(why);
        ended(question, none).forEach(waiter -> none.tell(waiter.addresses));
    }

    /** Whatever goes wrong is told: a question that never ended would keep its name from being asked, and its thread from everybody. */
    private HostAnswer answer(String host) {
        try {
            return HostAnswer.of(List.of(resolver.addresses(host)));
        } catch (UnknownHostException | RuntimeException | Error e) {
            return HostAnswer.none(e);
        }
    }

    /** Returns who is to be told, outside of the lock. */
    private synchronized List<Waiter> ended(Question question, HostAnswer answer) {
        long now = nanos.getAsLong();
        Duration took = question.took(now);
        underWay.remove(question.host);
        question.asking.ended(question, took);
        forgetIfIdle(question.asking);
        if (answer.isAboutTheName()) {
            known.keep(question.host, answer, took, now);
        }
        List<Waiter> told = List.copyOf(question.waiters);
        question.waiters.clear();
        return told;
    }

    private void forgetIfIdle(Asking asking) {
        if (asking.isIdle()) {
            tenants.remove(asking.tenant);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
