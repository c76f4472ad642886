package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** Requests to the booking service of a stack, as bytes to be sent again and again, and what is set up by a few of them. */
final class BookingApi {
    private static final int LARGEST_ANSWER = 4 << 20;
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    private final LocalStack stack;

    BookingApi(LocalStack stack) {
        this.stack = stack;
    }

    /** A resource without hours and one slot of it, tomorrow. */
    String slot(int capacity) throws IOException {
        var resource = resource("");
        return created(post(
                "/v1/slots",
                "{\"resourceId\":\"%s\",\"startAt\":\"%s\",\"capacity\":%d}"
                        .formatted(resource, Instant.now().plus(Duration.ofDays(1)), capacity)));
    }

    /** @param more members of the resource, each with a comma before it */
    String resource(String more) throws IOException {
        return created(post(
                "/v1/resources", "{\"name\":\"Hall\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\"%s}".formatted(more)));
    }

    /** The ids of what a search answers. */
    List<String> found(byte[] search) throws IOException {
        return ID.matcher(answer(search, 200)).results().map(id -> id.group(1)).toList();
    }

    /** Slots of the resource in the {@code days} that begin {@code ahead} from now, with room for {@code places}. */
    byte[] search(String resource, Duration ahead, int days, int places, int limit) {
        var from = Instant.now().plus(ahead);
        return ("GET /v1/resources/%s/slots?from=%s&to=%s&places=%d&limit=%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\n\r\n"
                        .formatted(
                                resource,
                                from,
                                from.plus(Duration.ofDays(days)),
                                places,
                                limit,
                                stack.bookingPort(),
                                stack.apiKey()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** One place for a customer without an address, so that nobody is notified. */
    byte[] booking(String slot, int number) {
        return post(
                "/v1/bookings",
                "{\"slotId\":\"%s\",\"places\":1,\"customer\":{\"name\":\"Customer %d\"}}".formatted(slot, number));
    }

    private String created(byte[] request) throws IOException {
        var id = ID.matcher(answer(request, 201));
        if (!id.find()) {
            throw new IllegalStateException("an answer without an id");
        }
        return id.group(1);
    }

    private String answer(byte[] request, int expected) throws IOException {
        try (var connection = new Connection(stack.bookingPort(), LARGEST_ANSWER)) {
            if (connection.exchange(request) != expected) {
                throw new IllegalStateException(connection.answer());
            }
            return connection.answer();
        }
    }

    private byte[] post(String path, String body) {
        return ("POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, stack.bookingPort(), stack.apiKey(), body.length(), body))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
