package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class LargeMessagesQuarkusTest {
    private static final int MESSAGES = 20;
    // Five mebibytes together; a page ends at four.
    private static final String LARGE = "x".repeat(250 << 10);

    private final Api api = Api.of("acme-" + UUID.randomUUID());

    @Test
    void a_page_of_large_messages_ends_early_and_the_pages_together_have_them_all() {
        var made = new ArrayList<String>();
        for (int i = 0; i < MESSAGES; i++) {
            made.add(api.post("/v1/messages", """
                    {"to":{"channel":"email","address":"ana@example.org"},"content":{"subject":"Large","text":"%s"},"schedule":{"in":"P1D"}}""".formatted(LARGE)).expect(201).at("/id"));
        }

        var first = api.get("/v1/messages?limit=500").expect(200);
        assertThat(ids(first)).hasSizeBetween(1, MESSAGES - 1);
        var listed = new ArrayList<>(ids(first));
        for (var page = first; page.json().hasNonNull("nextCursor"); ) {
            page = api.get("/v1/messages?limit=500&cursor=" + page.at("/nextCursor"))
                    .expect(200);
            listed.addAll(ids(page));
        }
        assertThat(listed).containsExactlyElementsOf(made.reversed());
    }

    private static List<String> ids(Api.Answer page) {
        var ids = new ArrayList<String>();
        page.json().at("/items").forEach(message -> ids.add(message.at("/id").asText()));
        return ids;
    }
}
