package dev.carillon.system.outside;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of webhooks on a port of its own, so that nobody else's calls share its connections. It misbehaves until an instant and takes webhooks from
 * then on, and counts the requests that it has read whole.
 */
public final class WaywardReceiver implements AutoCloseable {

    private static final int BACKLOG = 200;

    private final ServerSocket server;
    private final Misbehaviour misbehaviour;
    private final Instant until;
    private final @Nullable SSLSocketFactory tls;
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private WaywardReceiver(
            ServerSocket server, Misbehaviour misbehaviour, Instant until, @Nullable SSLSocketFactory tls) {
        this.server = server;
        this.misbehaviour = misbehaviour;
        this.until = until;
        this.tls = tls;
        Thread.ofVirtual().name("wayward-receiver").start(this::accept);
    }

    public static WaywardReceiver that(Misbehaviour misbehaviour, Instant until) throws IOException {
        return at(listening(), misbehaviour, until);
    }

    public static WaywardReceiver at(ServerSocket server, Misbehaviour misbehaviour, Instant until) {
        return new WaywardReceiver(server, misbehaviour, until, null);
    }

    /** One that {@linkplain Misbehaviour#SPEAKS_FIRST has no TLS} until then. */
    public static WaywardReceiver withTlsFrom(Instant from, SSLContext tls) throws IOException {
        return new WaywardReceiver(listening(), Misbehaviour.SPEAKS_FIRST, from, tls.getSocketFactory());
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    public int port() {
        return server.getLocalPort();
    }

    /** By the message's id, how many requests have come of each. */
    public Map<String, Integer> requests() {
        return Map.copyOf(requests);
    }

    /** How many have been made, whatever came over them. */
    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                connections.incrementAndGet();
                clients.add(client);
                Thread.ofVirtual().name("wayward-receiver").start(() -> serve(client));
            }
        } catch (IOException closed) {
            // Nobody is to come any more.
        }
    }

    private void serve(Socket accepted) {
        try (accepted) {
            if (misbehaviour == Misbehaviour.SPEAKS_FIRST && Instant.now().isBefore(until)) {
                misbehaviour.answer(accepted);
            }
            Socket client = tls == null ? accepted : tls.createSocket(accepted, null, true);
            var in = new BufferedInputStream(client.getInputStream());
            for (String id = request(in); id != null; id = request(in)) {
                requests.merge(id, 1, Integer::sum);
                (Instant.now().isBefore(until) ? misbehaviour : Misbehaviour.NONE).answer(client);
            }
        } catch (IOException gone) {
            // What was read whole has been counted.
        } finally {
            clients.remove(accepted);
        }
    }

    /** The webhook's id, or null when there is no further request. */
    private static @Nullable String request(InputStream in) throws IOException {
        String id = "";
        int length = 0;
        String line = line(in);
        if (line == null) {
            return null;
        }
        for (line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("webhook-id:")) {
                id = header.substring(header.indexOf(':') + 1).strip();
            } else if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        return line == null || in.readNBytes(length).length < length ? null : id;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                return null;
            }
            line.write(one);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
