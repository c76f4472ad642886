package dev.carillon.kit.tx;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into array parameters, a column each, for {@code unnest($1::…[], $2::…[])}: one statement for any number of rows.
 *
 * @param <T> a row
 */
public final class Columns<T> {
    /** Gives a row's value in a column; null becomes NULL. */
    @FunctionalInterface
    public interface Value<T, V> {
        @Nullable V of(T row);
    }

    private final List<? extends T> rows;
    private final Tuple tuple = Tuple.tuple();

    private Columns(List<? extends T> rows) {
        this.rows = rows;
    }

    public static <T> Columns<T> of(List<? extends T> rows) {
        return new Columns<>(rows);
    }

    public Columns<T> uuids(Value<T, UUID> value) {
        return column(value, new UUID[rows.size()]);
    }

    public Columns<T> texts(Value<T, String> value) {
        return column(value, new String[rows.size()]);
    }

    public Columns<T> shorts(Value<T, Short> value) {
        return column(value, new Short[rows.size()]);
    }

    public Columns<T> integers(Value<T, Integer> value) {
        return column(value, new Integer[rows.size()]);
    }

    public Columns<T> longs(Value<T, Long> value) {
        return column(value, new Long[rows.size()]);
    }

    public Columns<T> booleans(Value<T, Boolean> value) {
        return column(value, new Boolean[rows.size()]);
    }

    public Columns<T> instants(Value<T, Instant> value) {
        return column(
                row -> {
                    var instant = value.of(row);
                    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
                },
                new OffsetDateTime[rows.size()]);
    }

    public Columns<T> locals(Value<T, LocalDateTime> value) {
        return column(value, new LocalDateTime[rows.size()]);
    }

    public Columns<T> bytes(Value<T, byte[]> value) {
        return column(
                row -> {
                    var bytes = value.of(row);
                    return bytes == null ? null : Buffer.buffer(bytes);
                },
                new Buffer[rows.size()]);
    }

    /** A parameter that is the same for all rows. */
    public Columns<T> and(@Nullable Object parameter) {
        tuple.addValue(parameter);
        return this;
    }

    public Tuple tuple() {
        return tuple;
    }

    private <V> Columns<T> column(Value<T, V> value, @Nullable V[] array) {
        for (int i = 0; i < array.length; i++) {
            array[i] = value.of(rows.get(i));
        }
        tuple.addValue(array);
        return this;
    }
}
