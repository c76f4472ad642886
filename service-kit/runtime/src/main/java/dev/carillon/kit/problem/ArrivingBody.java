package dev.carillon.kit.problem;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A body that is on its way, on its connection's own thread. What all of them hold together is counted, without the beginning of each: who sends little is
 * never refused for those who send much.
 */
final class ArrivingBody {
    static final int NOT_COUNTED = 8 << 10;

    private final Buffer come = Buffer.buffer();
    private final AtomicLong together;
    private long counted;

    /** @param together what is counted of all */
    ArrivingBody(AtomicLong together) {
        this.together = together;
    }

    void add(Buffer part) {
        come.appendBuffer(part);
        count(Math.max(0, come.length() - NOT_COUNTED));
    }

    int length() {
        return come.length();
    }

    /** Whether it is one of those that count, and they are more than {@code most}. */
    boolean isBeyond(long most) {
        return counted > 0 && together.get() > most;
    }

    byte[] bytes() {
        return come.getBytes();
    }

    /** It is on its way no more. May come several times. */
    void end() {
        count(0);
    }

    private void count(long now) {
        together.addAndGet(now - counted);
        counted = now;
    }
}
