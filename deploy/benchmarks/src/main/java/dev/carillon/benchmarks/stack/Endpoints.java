package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Registers endpoints of webhooks. */
final class Endpoints implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    private final Connection connection;
    private final LocalStack stack;

    Endpoints(LocalStack stack) throws IOException {
        this.stack = stack;
        this.connection = new Connection(stack.deliveryPort(), 64 * 1024);
    }

    /** Returns its id. */
    String register(String url) throws IOException {
        String body = "{\"url\":\"" + url + "\"}";
        byte[] request =
                ("POST /v1/endpoints HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(stack.deliveryPort(), stack.apiKey(), body.length(), body))
                        .getBytes(StandardCharsets.US_ASCII);
        int status = connection.exchange(request);
        var id = ID.matcher(connection.answer());
        if (status != 201 || !id.find()) {
            throw new IllegalStateException(connection.answer());
        }
        return id.group(1);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
