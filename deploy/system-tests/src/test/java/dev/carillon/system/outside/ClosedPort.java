package dev.carillon.system.outside;

import dev.carillon.local.Ports;
import java.util.concurrent.ThreadLocalRandom;

/** A port of this machine on which nobody listens. */
public final class ClosedPort {

    private static final int LEAST = 10_000;
    private static final int BEYOND = 32_000;

    private ClosedPort() {}

    /** Below those from which Linux takes the ports of outgoing connections, so that nobody gets it meanwhile. */
    public static int any() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, BEYOND);
            if (Ports.isFree(port)) {
                return port;
            }
        }
    }
}
