package dev.carillon.relay.deadletter.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.carillon.kit.inbox.DeadLetterHeaders;
import dev.carillon.relay.deadletter.Backlog;
import dev.carillon.relay.deadletter.DeadLetter;
import dev.carillon.relay.deadletter.DeadLetterPage.Place;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Wire records of the lists. */
final class EventDeadLettersView {
    private EventDeadLettersView() {}

    /** The topics that have dead letters, or had. */
    @RegisterForReflection
    public record Topics(
            List<TopicView> items,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextCursor) {}

    /**
     * @param count how many have not been redriven
     * @param redriven how many have been, and are still kept
     */
    @RegisterForReflection
    public record TopicView(String topic, String group, String deadLetterTopic, long count, long redriven) {
        static TopicView of(Backlog backlog) {
            return new TopicView(
                    backlog.topic().topic(),
                    backlog.topic().group(),
                    backlog.topic().name(),
                    backlog.waiting(),
                    backlog.redriven());
        }
    }

    /** Dead letters of one topic and group. */
    @RegisterForReflection
    public record Letters(
            List<LetterView> items,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextCursor) {}

    /**
     * @param error what failed and where; quotes nothing of the payload
     * @param payload its first 1,000 bytes as text
     */
    @RegisterForReflection
    public record LetterView(
            int partition,
            long offset,
            @Nullable String key,
            @Nullable String error,
            Map<String, String> headers,
            int size,
            String payload,
            boolean redriven) {
        static LetterView of(DeadLetter letter) {
            return new LetterView(
                    letter.partition(),
                    letter.offset(),
                    letter.key(),
                    letter.headers().get(DeadLetterHeaders.ERROR),
                    letter.headers(),
                    letter.size(),
                    letter.payload(),
                    letter.redriven());
        }
    }

    static @Nullable String cursor(@Nullable Place next) {
        return next == null ? null : next.partition() + "-" + next.offset();
    }
}
