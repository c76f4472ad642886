package dev.carillon.system.outside;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a stack finds its relay: whoever connects is led on to that of the local providers, unless a test lets it fail for a while. What it is told counts for
 * those who connect from then on; who was led on before is cut off. Thread-safe.
 */
public final class RelayEntrance {

    private static final int BACKLOG = 200;

    private final int port;
    private final Set<Socket> ledOn = new HashSet<>();
    private ServerSocket server;
    private @Nullable RelayTrouble trouble;
    private int relayPort;

    private RelayEntrance(ServerSocket server) {
        this.port = server.getLocalPort();
        this.server = server;
        accept(server);
    }

    /** One that leads nowhere as yet, on a port of this machine. */
    public static RelayEntrance open() {
        return new RelayEntrance(listening(ClosedPort.any()));
    }

    private static ServerSocket listening(int port) {
        try {
            return new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
    }

    public int port() {
        return port;
    }

    public synchronized void leadTo(int relay) {
        relayPort = relay;
    }

    public synchronized void fails(RelayTrouble how) {
        turnTo(how);
    }

    /** Nobody listens: connections are refused. */
    public synchronized void isAway() {
        close(server);
        cutOff();
    }

    /** Leads on again, if it does not do so already. */
    public synchronized void works() {
        if (trouble != null || server.isClosed()) {
            turnTo(null);
        }
    }

    private void turnTo(@Nullable RelayTrouble next) {
        trouble = next;
        if (server.isClosed()) {
            server = listening(port);
            accept(server);
        }
        cutOff();
    }

    private void cutOff() {
        ledOn.forEach(RelayEntrance::close);
        ledOn.clear();
    }

    private void accept(ServerSocket from) {
        Thread.ofVirtual().name("relay-entrance").start(() -> {
            try {
                while (true) {
                    Socket client = from.accept();
                    Thread.ofVirtual().name("relay-entrance").start(() -> meet(client));
                }
            } catch (IOException closed) {
                // Nobody is to come for now.
            }
        });
    }

    private void meet(Socket client) {
        try (client) {
            RelayTrouble present = admit(client);
            if (present == null) {
                lead(client);
            } else {
                present.meet(client);
            }
        } catch (IOException gone) {
            // Nobody waits for a word any more.
        } finally {
            forget(client);
        }
    }

    private synchronized @Nullable RelayTrouble admit(Socket client) {
        if (trouble == null) {
            ledOn.add(client);
        }
        return trouble;
    }

    private synchronized void forget(Socket client) {
        ledOn.remove(client);
    }

    private synchronized int relayPort() {
        return relayPort;
    }

    /** Without holding anything back: a relay's dialogue is one of short lines. */
    private void lead(Socket client) throws IOException {
        client.setTcpNoDelay(true);
        var relay = new Socket(InetAddress.getLoopbackAddress(), relayPort());
        relay.setTcpNoDelay(true);
        Thread.ofVirtual().name("relay-entrance").start(() -> pass(relay, client));
        pass(client, relay);
    }

    /** Until one of them has no more to say: then neither has the other. */
    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // So is the other.
        } finally {
            List.of(from, to).forEach(RelayEntrance::close);
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It was broken before.
        }
    }
}
