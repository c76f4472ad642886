package dev.carillon.booking.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.kit.testing.process.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * What the service under test takes for the Bot API: remembers what was said, and fails as it is told to. Its tokens are those of {@link #settings}.
 */
public final class TelegramStandIn {
    public static final String TENANT = "bot-acme";
    public static final String SECRET = "acme-secret-of-the-webhook";
    public static final String OTHER_TENANT = "bot-other";
    public static final String OTHER_SECRET = "other-secret-of-the-webhook";
    public static final String NARROW_SECRET = "narrow-secret-of-the-webhook";
    private static final String TOKEN = "1001:token-that-nobody-may-see";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Call> CALLS = new CopyOnWriteArrayList<>();
    private static final AtomicLong MESSAGES = new AtomicLong(1_000);
    private static volatile Predicate<Call> troubled = call -> false;
    private static volatile Trouble trouble = Trouble.of(500, "Internal Server Error");

    private static @Nullable HttpServer server;

    private TelegramStandIn() {}

    /** A call that was made, also one that failed. */
    public record Call(String bot, String method, JsonNode body, boolean taken, long messageId) {
        public String chat() {
            return body.at("/chat_id").asText();
        }

        public String text() {
            return body.at("/text").asText();
        }

        boolean isScreen() {
            return method.equals("sendMessage") || method.equals("editMessageText");
        }

        /** What comes with the button of this label. */
        public String data(String label) {
            for (var row : body.at("/reply_markup/inline_keyboard")) {
                for (var key : row) {
                    if (key.at("/text").asText().equals(label)) {
                        return key.at("/callback_data").asText();
                    }
                }
            }
            throw new AssertionError("no button " + label + " in " + body);
        }

        public List<String> labels() {
            var labels = new ArrayList<String>();
            body.at("/reply_markup/inline_keyboard")
                    .forEach(
                            row -> row.forEach(key -> labels.add(key.at("/text").asText())));
            return labels;
        }
    }

    /** An answer instead of the usual one; status 0 for the connection closed without any. */
    public record Trouble(int status, String body) {
        public static Trouble of(int status, String description) {
            return new Trouble(
                    status, "{\"ok\":false,\"error_code\":%d,\"description\":\"%s\"}".formatted(status, description));
        }
    }

    public static Map<String, String> settings() {
        return Map.of(
                "carillon.telegram.bots.acme.token", TOKEN,
                "carillon.telegram.bots.acme.secret-token", SECRET,
                "carillon.telegram.bots.acme.tenant", TENANT,
                "carillon.telegram.bots.other.token", "1002:another-token",
                "carillon.telegram.bots.other.secret-token", OTHER_SECRET,
                "carillon.telegram.bots.other.tenant", OTHER_TENANT,
                "carillon.telegram.bots.narrow.token", "1003:a-third-token",
                "carillon.telegram.bots.narrow.secret-token", NARROW_SECRET,
                "carillon.telegram.bots.narrow.tenant", TENANT,
                "carillon.telegram.bots.narrow.resources", "00000000-0000-7000-8000-000000000001");
    }

    /** From now on this happens to these calls. */
    public static void setTrouble(Predicate<Call> which, Trouble what) {
        trouble = what;
        troubled = which;
    }

    public static void endTrouble() {
        troubled = call -> false;
    }

    public static List<Call> calls() {
        listen();
        return List.copyOf(CALLS);
    }

    /** What was said in a chat, and taken: new messages and rewritten ones. */
    public static List<Call> screens(String chat) {
        return calls().stream()
                .filter(call -> call.taken && call.isScreen() && call.chat().equals(chat))
                .toList();
    }

    /** From the first time on, as long as the tests run. */
    public static synchronized void listen() {
        if (server != null) {
            return;
        }
        var port = URI.create(ConfigProvider.getConfig().getValue("carillon.telegram.base-url", String.class))
                .getPort();
        try {
            var started = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 50);
            started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            started.createContext("/", TelegramStandIn::answer);
            started.start();
            server = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settles where it will listen: a test's own class loader has another copy of it. */
    public static final class Place implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of("carillon.telegram.base-url", "http://127.0.0.1:" + FreePort.any());
        }

        @Override
        public void stop() {}
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().split("/", -1);
            var call = new Call(
                    path[1].substring("bot".length()),
                    path[2],
                    JSON.readTree(exchange.getRequestBody().readAllBytes()),
                    true,
                    MESSAGES.incrementAndGet());
            var instead = troubled.test(call) ? trouble : null;
            CALLS.add(new Call(call.bot, call.method, call.body, instead == null, call.messageId));
            if (instead == null) {
                send(exchange, 200, "{\"ok\":true,\"result\":{\"message_id\":%d}}".formatted(call.messageId));
            } else if (instead.status != 0) {
                send(exchange, instead.status, instead.body);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
