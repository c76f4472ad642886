package dev.carillon.delivery.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Asks the operating system's resolver, on threads of its own, because the system's call blocks. Answers are cached by
 * the JVM (30 s by default).
 *
 * <p>Questions for one name share one lookup, so that a receiver whose name servers hang holds one thread and no more. A
 * tenant has a quarter of the threads at most; its other questions wait in a queue of its own, and the queues take turns.
 * So a tenant whose names hang leaves threads to the others.
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

    private final Resolver resolver;
    private final ThreadPoolExecutor threads;
    // What the resolver is asked, by name.
    private final Map<String, Question> underWay = new HashMap<>();
    // Those that ask anything; whose turn it is comes first.
    private final Map<String, Asking> tenants = new LinkedHashMap<>();

    SystemHostAddresses() {
        this(InetAddress::getAllByName);
    }

    SystemHostAddresses(Resolver resolver) {
        this.resolver = resolver;
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
        private final Map<String, Question> waiting = new LinkedHashMap<>();
        private int underWay;

        boolean mayBegin() {
            return underWay < THREADS_OF_TENANT && !waiting.isEmpty();
        }

        boolean isIdle() {
            return underWay == 0 && waiting.isEmpty();
        }

        Question takeFirst() {
            Iterator<Question> questions = waiting.values().iterator();
            Question first = questions.next();
            questions.remove();
            return first;
        }
    }

    private static final class Question {
        private final String tenant;
        private final String host;
        private final CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        private final Lookup lookup = new Lookup(answer, this::underWay);
        private volatile boolean begun;
        private volatile long begunNanos;

        Question(String tenant, String host) {
            this.tenant = tenant;
            this.host = host;
        }

        void begins(long nanos) {
            begunNanos = nanos;
            begun = true;
        }

        /** The resolver is asked the same by another one. */
        void follows(Question other) {
            begins(other.begunNanos);
            other.lookup.addresses().whenComplete((addresses, failure) -> {
                if (failure == null) {
                    answer.complete(addresses);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        }

        private Duration underWay() {
            return begun ? Duration.ofNanos(System.nanoTime() - begunNanos) : Duration.ZERO;
        }
    }

    @Override
    public Lookup of(String tenant, String host) {
        return ask(tenant, host).lookup;
    }

    private synchronized Question ask(String tenant, String host) {
        Question running = underWay.get(host);
        if (running != null) {
            return running;
        }
        Asking asking = tenants.computeIfAbsent(tenant, none -> new Asking());
        Question known = asking.waiting.get(host);
        if (known != null) {
            return known;
        }
        Question question = new Question(tenant, host);
        if (asking.waiting.size() >= WAITING_OF_TENANT) {
            question.answer.completeExceptionally(new RejectedExecutionException("too many lookups wait"));
            return question;
        }
        asking.waiting.put(host, question);
        beginSome();
        return question;
    }

    private void beginSome() {
        Optional<Question> next = next();
        while (next.isPresent()) {
            begin(next.get());
            next = next();
        }
    }

    /** The first one of the tenant whose turn it is, which then comes after all others. */
    private Optional<Question> next() {
        if (underWay.size() >= THREADS) {
            return Optional.empty();
        }
        return tenants.entrySet().stream()
                .filter(one -> one.getValue().mayBegin())
                .findFirst()
                .map(one -> takeFirst(one.getKey(), one.getValue()));
    }

    private Question takeFirst(String tenant, Asking asking) {
        tenants.remove(tenant);
        tenants.put(tenant, asking);
        return asking.takeFirst();
    }

    private void begin(Question question) {
        Asking asking = tenants.computeIfAbsent(question.tenant, none -> new Asking());
        Question running = underWay.get(question.host);
        if (running != null) {
            question.follows(running);
            forgetIfIdle(question.tenant, asking);
            return;
        }
        question.begins(System.nanoTime());
        underWay.put(question.host, question);
        asking.underWay++;
        try {
            threads.execute(() -> lookup(question));
        } catch (RejectedExecutionException closed) {
            release(question);
            question.answer.completeExceptionally(closed);
        }
    }

    private void lookup(Question question) {
        try {
            List<InetAddress> addresses = List.of(resolver.addresses(question.host));
            ended(question);
            question.answer.complete(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            ended(question);
            question.answer.completeExceptionally(e);
        }
    }

    private synchronized void ended(Question question) {
        release(question);
        beginSome();
    }

    private void release(Question question) {
        Asking asking = tenants.get(question.tenant);
        if (underWay.remove(question.host, question) && asking != null) {
            asking.underWay--;
            forgetIfIdle(question.tenant, asking);
        }
    }

    private void forgetIfIdle(String tenant, Asking asking) {
        if (asking.isIdle()) {
            tenants.remove(tenant);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
