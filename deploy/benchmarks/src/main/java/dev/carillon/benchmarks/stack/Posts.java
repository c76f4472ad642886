package dev.carillon.benchmarks.stack;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The requests that create messages: webhooks to {@code url}, each with its number in its content. */
record Posts(int port, String apiKey, String url) {
    private static final String TEXT =
            "Your visit is tomorrow at nine. Please be there ten minutes early, and bring the letter of your physician.";

    /** {@code POST /v1/messages} of one that is due then. */
    byte[] due(int number, Instant at) {
        return post("/v1/messages", message(number, "{\"at\":\"" + at.truncatedTo(ChronoUnit.MICROS) + "\"}"));
    }

    /** The same, to a registered endpoint. */
    byte[] due(int number, String endpointId, Instant at) {
        return post(
                "/v1/messages",
                message(
                        number,
                        "{\"channel\":\"webhook\",\"endpointId\":\"" + endpointId + "\"}",
                        "{\"at\":\"" + at.truncatedTo(ChronoUnit.MICROS) + "\"}"));
    }

    byte[] now(int number) {
        return post("/v1/messages", message(number, "{\"now\":true}"));
    }

    /** {@code POST /v1/messages/batch} of so many, due one second after the other. */
    byte[] batch(int count, Instant first) {
        return post(
                "/v1/messages/batch",
                IntStream.range(0, count)
                        .mapToObj(i -> message(i, "{\"at\":\"" + first.plusSeconds(i) + "\"}"))
                        .collect(Collectors.joining(",", "{\"items\":[", "]}")));
    }

    /** What delivery sends of such a message, about. */
    byte[] bare(int number) {
        return request("localhost:" + port, "/hooks", "", content(number));
    }

    private String message(int number, String schedule) {
        return message(number, "{\"channel\":\"webhook\",\"url\":\"" + url + "\"}", schedule);
    }

    private static String message(int number, String to, String schedule) {
        return "{\"to\":" + to + ",\"content\":{\"json\":" + content(number) + "},\"schedule\":" + schedule + "}";
    }

    static String content(int number) {
        return "{\"n\":" + number + ",\"subject\":\"Your visit\",\"text\":\"" + TEXT + "\"}";
    }

    private byte[] post(String path, String body) {
        return request("127.0.0.1:" + port, path, "X-API-Key: " + apiKey + "\r\n", body);
    }

    private static byte[] request(String host, String path, String headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers
                + "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        byte[] line = head.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[line.length + bytes.length];
        System.arraycopy(line, 0, whole, 0, line.length);
        System.arraycopy(bytes, 0, whole, line.length, bytes.length);
        return whole;
    }
}
