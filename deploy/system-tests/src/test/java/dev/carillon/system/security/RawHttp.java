package dev.carillon.system.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.local.ServiceName;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.TestStack;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request written byte by byte, for what a client library refuses to send. */
final class RawHttp {

    private RawHttp() {}

    static Answer post(TestStack stack, String body, String idempotencyKey) throws IOException {
        int port = stack.ports().service(ServiceName.SCHEDULER, 1);
        String head =
                """
                POST /v1/messages HTTP/1.1
                Host: localhost:%d
                X-API-Key: %s
                Content-Type: application/json
                Idempotency-Key: %s
                Content-Length: %d
                Connection: close

                """.formatted(port, stack.secret(Credentials.API_KEY), idempotencyKey, body.getBytes(UTF_8).length);
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            var out = socket.getOutputStream();
            out.write(head.replace("\n", "\r\n").getBytes(UTF_8));
            out.write(body.getBytes(UTF_8));
            out.flush();
            return parse(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        }
    }

    private static Answer parse(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String[] lines = answer.substring(0, end).split("\r\n", -1);
        Map<String, List<String>> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon),
                    List.of(lines[i].substring(colon + 1).strip()));
        }
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        String body = new String(answer.substring(end + 4).getBytes(ISO_8859_1), UTF_8);
        return new Answer(status, HttpHeaders.of(headers, (name, value) -> true), body);
    }
}
