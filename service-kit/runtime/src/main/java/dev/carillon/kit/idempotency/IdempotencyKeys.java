package dev.carillon.kit.idempotency;

import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, in the effect's own transaction, which request a key stood for. A request takes an advisory lock on its key for the length of its
 * transaction: who does not get it at once knows that the first one still runs.
 */
@ApplicationScoped
public class IdempotencyKeys {
    private static final String LOCK =
            "SELECT n FROM unnest($1::bigint[]) WITH ORDINALITY AS k (hash, n) WHERE NOT pg_try_advisory_xact_lock(hash)";
    private static final String FIND = """
            SELECT k.n, i.fingerprint, i.status, i.resource_id
            FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (tenant, path, key, n)
            JOIN idempotency_key i ON i.tenant = k.tenant AND i.path = k.path AND i.key = k.key
            WHERE i.created_at > clock_timestamp() - interval '7 days'
            """;
    private static final String REMEMBER = """
            INSERT INTO idempotency_key (tenant, path, key, fingerprint, status, resource_id)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::smallint[], $6::uuid[])
            ON CONFLICT (tenant, path, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
                resource_id = excluded.resource_id, created_at = clock_timestamp()
            """;
    // now(), for no index is searched by a clock that goes on; an array, for no table is read as a whole to find its
    // rows.
    private static final String SWEEP =
            "DELETE FROM idempotency_key WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_key"
                    + " WHERE created_at < now() - interval '7 days' ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED))";

    /** A key as a request brings it. {@code fingerprint} tells one body from another. */
    public record Key(String tenant, String path, String value, byte[] fingerprint) {
        private long lock() {
            return UUID.nameUUIDFromBytes((tenant + '\n' + path + '\n' + value).getBytes(StandardCharsets.UTF_8))
                    .getMostSignificantBits();
        }

        private List<String> identity() {
            return List.of(tenant, path, value);
        }
    }

    /** What a key says about its request. */
    public sealed interface Verdict {
        /** Not seen before: go on, and {@link #remember} in the same transaction. */
        record Fresh() implements Verdict {}

        /** The same request was answered already. */
        record Repeated(int status, UUID resourceId) implements Verdict {}

        /** The key stood for another body. */
        record Reused() implements Verdict {}

        /** The first request with this key still runs. */
        record InProgress() implements Verdict {}
    }

    /** A key and what its request came to. Only successes are remembered: a refusal may be tried again. */
    public record Answered(Key key, int status, UUID resourceId) {}

    /**
     * One verdict for each key, in their order; null stands for a request without a key and is fresh. What was answered already is found whoever
     * else asks at the same time; only of those that were not, one at a time goes on.
     */
    public Uni<List<Verdict>> judge(Tx tx, List<@Nullable Key> keys) {
        var verdicts = new Verdict[keys.size()];
        Arrays.fill(verdicts, new Verdict.Fresh());
        int[] keyed =
                IntStream.range(0, keys.size()).filter(n -> keys.get(n) != null).toArray();
        if (keyed.length == 0) {
            return Uni.createFrom().item(List.of(verdicts));
        }
        int[] first = repeatsWithinGroupMarked(keys, keyed, verdicts);
        return tx.list(
                        LOCK,
                        presented(keys, first).longs(Key::lock).tuple(),
                        row -> row.getLong("n").intValue() - 1)
                .invoke(busy -> busy.forEach(n -> verdicts[first[n]] = new Verdict.InProgress()))
                // After the locks: whoever had one of them before has committed what it remembers.
                .chain(() -> tx.run(
                        FIND,
                        presented(keys, keyed)
                                .texts(Key::tenant)
                                .texts(Key::path)
                                .texts(Key::value)
                                .tuple()))
                .map(rows -> {
                    rows.forEach(row -> {
                        int at = keyed[row.getLong("n").intValue() - 1];
                        verdicts[at] = known(required(keys.get(at)), row);
                    });
                    return List.of(verdicts);
                });
    }

    /** What a request made, for a repeat of it to be answered with. */
    public record Made(int status, UUID resourceId) {}

    /**
     * Does {@code work} unless the key has decided already, and remembers what it made; without a key it is just done.
     *
     * @param made of what the work came to; empty for a refusal, which may be tried again
     * @param decided what a verdict other than {@link Verdict.Fresh} comes to
     */
    public <T> Uni<T> once(
            Tx tx,
            @Nullable Key key,
            Supplier<Uni<T>> work,
            Function<T, Optional<Made>> made,
            Function<Verdict, T> decided) {
        return judge(tx, Collections.singletonList(key)).chain(verdicts -> {
            var verdict = verdicts.getFirst();
            return verdict instanceof Verdict.Fresh
                    ? work.get().call(outcome -> remember(tx, answers(key, made.apply(outcome))))
                    : Uni.createFrom().item(() -> decided.apply(verdict));
        });
    }

    private static List<Answered> answers(@Nullable Key key, Optional<Made> made) {
        return key == null
                ? List.of()
                : made.map(one -> new Answered(key, one.status, one.resourceId)).stream()
                        .toList();
    }

    private static Columns<Key> presented(List<@Nullable Key> keys, int[] indexes) {
        return Columns.of(
                IntStream.of(indexes).mapToObj(n -> required(keys.get(n))).toList());
    }

    public Uni<Void> remember(Tx tx, List<Answered> answers) {
        if (answers.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var columns = Columns.of(answers)
                .texts(answer -> answer.key.tenant)
                .texts(answer -> answer.key.path)
                .texts(answer -> answer.key.value)
                .bytes(answer -> answer.key.fingerprint)
                .shorts(answer -> (short) answer.status)
                .uuids(Answered::resourceId);
        return tx.run(REMEMBER, columns.tuple()).replaceWithVoid();
    }

    /** Forgets keys that are over seven days old, at most {@code atOnce}, and tells how many. */
    public Uni<Integer> sweep(Tx tx, int atOnce) {
        return tx.run(SWEEP, Tuple.of(atOnce)).map(rows -> rows.rowCount());
    }

    /** Those of {@code keyed} that are the first with their key; a second request with one group's key is in progress by definition. */
    private static int[] repeatsWithinGroupMarked(List<@Nullable Key> keys, int[] keyed, Verdict[] verdicts) {
        Set<List<String>> seen = new HashSet<>();
        return IntStream.of(keyed)
                .filter(n -> {
                    boolean first = seen.add(required(keys.get(n)).identity());
                    if (!first) {
                        verdicts[n] = new Verdict.InProgress();
                    }
                    return first;
                })
                .toArray();
    }

    private static Verdict known(Key key, Row row) {
        return Arrays.equals(row.getBuffer("fingerprint").getBytes(), key.fingerprint)
                ? new Verdict.Repeated(row.getShort("status"), row.getUUID("resource_id"))
                : new Verdict.Reused();
    }

    private static Key required(@Nullable Key key) {
        return Objects.requireNonNull(key);
    }
}
