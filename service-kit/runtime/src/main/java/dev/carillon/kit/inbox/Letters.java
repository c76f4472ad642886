package dev.carillon.kit.inbox;

import static dev.carillon.kit.inbox.DeadLetterHeaders.ATTEMPTS;
import static dev.carillon.kit.inbox.DeadLetterHeaders.ERROR;
import static dev.carillon.kit.inbox.DeadLetterHeaders.FIRST_FAILED_AT;
import static dev.carillon.kit.inbox.DeadLetterHeaders.GROUP;
import static dev.carillon.kit.inbox.DeadLetterHeaders.KEY;
import static dev.carillon.kit.inbox.DeadLetterHeaders.LAST_FAILED_AT;
import static dev.carillon.kit.inbox.DeadLetterHeaders.OFFSET;
import static dev.carillon.kit.inbox.DeadLetterHeaders.OMITTED;
import static dev.carillon.kit.inbox.DeadLetterHeaders.PARTITION;
import static dev.carillon.kit.inbox.DeadLetterHeaders.PREFIX;
import static dev.carillon.kit.inbox.DeadLetterHeaders.REASON;
import static dev.carillon.kit.inbox.DeadLetterHeaders.TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Makes dead letters of records. */
final class Letters {
    private static final int MOST_ATTEMPTS = 1_000_000;

    private Letters() {}

    static ProducerRecord<String, byte[]> of(
            String group, ConsumerRecord<String, byte[]> source, Reason reason, String error, Instant now) {
        boolean again = group.equals(text(source.headers(), GROUP));
        var headers = new RecordHeaders();
        for (var header : source.headers()) {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        add(headers, TOPIC, source.topic());
        add(headers, PARTITION, Integer.toString(source.partition()));
        add(headers, OFFSET, Long.toString(source.offset()));
        add(headers, GROUP, group);
        add(headers, REASON, reason.wireName());
        add(headers, ATTEMPTS, Integer.toString(again ? attempts(source) + 1 : 1));
        add(headers, FIRST_FAILED_AT, (again ? firstFailure(source, now) : now).toString());
        add(headers, LAST_FAILED_AT, now.toString());
        add(headers, ERROR, FailureText.bounded(error, FailureText.MOST_BYTES));
        if (source.key() != null) {
            add(headers, KEY, FailureText.bounded(source.key(), FailureText.MOST_BYTES));
        }
        return new ProducerRecord<>(topic(source.topic(), group), null, source.key(), source.value(), headers);
    }

    static String topic(String topic, String group) {
        return topic + "." + group + ".dlq";
    }

    /** The same letter, small: where it stood says where the whole is, for as long as its topic keeps it. */
    static ProducerRecord<String, byte[]> withoutValue(ProducerRecord<String, byte[]> letter) {
        var headers = new RecordHeaders();
        for (var header : letter.headers()) {
            if (header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        byte[] value = letter.value();
        add(headers, OMITTED, Integer.toString(value == null ? 0 : value.length));
        var key = letter.key() == null ? null : FailureText.bounded(letter.key(), FailureText.MOST_BYTES);
        return new ProducerRecord<>(letter.topic(), null, key, new byte[0], headers);
    }

    private static int attempts(ConsumerRecord<String, byte[]> source) {
        var text = text(source.headers(), ATTEMPTS);
        return text != null && text.matches("\\d{1,7}") ? Math.min(Integer.parseInt(text), MOST_ATTEMPTS) : 0;
    }

    private static Instant firstFailure(ConsumerRecord<String, byte[]> source, Instant now) {
        var text = text(source.headers(), FIRST_FAILED_AT);
        try {
            return text == null ? now : Instant.parse(text);
        } catch (DateTimeException malformed) {
            return now;
        }
    }

    private static @Nullable String text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
