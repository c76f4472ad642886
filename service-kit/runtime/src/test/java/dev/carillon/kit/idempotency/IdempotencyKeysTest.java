package dev.carillon.kit.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.idempotency.IdempotencyKeys.Answered;
import dev.carillon.kit.idempotency.IdempotencyKeys.Key;
import dev.carillon.kit.idempotency.IdempotencyKeys.Made;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Sweeps;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final IdempotencyKeys keys = new IdempotencyKeys();
    private KitDatabase db;

    @BeforeEach
    void start() {
        db = KitDatabase.fresh();
    }

    @AfterEach
    void stop() {
        db.close();
    }

    @Test
    void a_request_with_a_new_key_or_without_one_is_fresh() {
        assertThat(judge(key("a", "body"), null)).containsExactly(new Verdict.Fresh(), new Verdict.Fresh());
    }

    @Test
    void the_same_request_again_gets_the_first_answer() {
        var id = UUID.randomUUID();
        remember(key("a", "body"), 201, id);
        assertThat(judge(key("a", "body"))).containsExactly(new Verdict.Repeated(201, id));
    }

    @Test
    void the_same_key_with_another_body_is_refused() {
        remember(key("a", "body"), 201, UUID.randomUUID());
        assertThat(judge(key("a", "other"))).containsExactly(new Verdict.Reused());
    }

    @Test
    void a_key_is_its_tenants_and_its_paths_own() {
        remember(key("a", "body"), 201, UUID.randomUUID());
        assertThat(judge(new Key("other", "/path", "a", bytes("x")), new Key("acme", "/other", "a", bytes("x"))))
                .containsExactly(new Verdict.Fresh(), new Verdict.Fresh());
    }

    @Test
    void two_requests_of_one_group_with_one_key_are_one_fresh_and_one_in_progress() {
        assertThat(judge(key("a", "body"), key("b", "body"), key("a", "body")))
                .containsExactly(new Verdict.Fresh(), new Verdict.Fresh(), new Verdict.InProgress());
    }

    @Test
    void repeats_of_what_was_answered_are_answered_all_at_once_in_one_group_and_in_several() {
        var id = UUID.randomUUID();
        remember(key("a", "body"), 201, id);
        List<Verdict> second = new ArrayList<>();
        db.transactions
                .inTransaction(first -> keys.judge(first, List.of(key("a", "body"), key("a", "body")))
                        .invoke(second::addAll)
                        // The first one's lock is held as long as it is open.
                        .chain(() -> judging(key("a", "body"), key("a", "other")))
                        .invoke(second::addAll)
                        .replaceWithVoid())
                .await()
                .atMost(PATIENCE);
        var repeated = new Verdict.Repeated(201, id);
        assertThat(second).containsExactly(repeated, repeated, repeated, new Verdict.Reused());
    }

    @Test
    void while_a_first_transaction_is_open_a_second_request_learns_it_at_once() {
        List<Verdict> second = new ArrayList<>();
        db.transactions
                .inTransaction(first -> keys.judge(first, List.of(key("a", "body")))
                        .chain(() ->
                                keys.remember(first, List.of(new Answered(key("a", "body"), 201, UUID.randomUUID()))))
                        // In here the first is still open: a wait on its lock would never end.
                        .chain(() -> judging(key("a", "body")))
                        .invoke(second::addAll)
                        .replaceWithVoid())
                .await()
                .atMost(PATIENCE);
        assertThat(second).containsExactly(new Verdict.InProgress());
        assertThat(judge(key("a", "body")).getFirst()).isInstanceOf(Verdict.Repeated.class);
    }

    @Test
    void work_is_done_once_for_a_key_unless_it_was_refused_and_each_time_without_one() {
        var id = UUID.randomUUID();
        var done = new ArrayList<String>();
        assertThat(once(key("a", "body"), done, Optional.empty())).isEqualTo("done");
        assertThat(once(key("a", "body"), done, Optional.of(new Made(201, id)))).isEqualTo("done");
        assertThat(once(key("a", "body"), done, Optional.of(new Made(201, UUID.randomUUID()))))
                .isEqualTo(new Verdict.Repeated(201, id).toString());
        assertThat(once(null, done, Optional.of(new Made(201, id)))).isEqualTo("done");
        assertThat(done).hasSize(3);
    }

    private String once(@Nullable Key key, List<String> done, Optional<Made> made) {
        return db.transactions
                .inTransaction(tx -> keys.once(
                        tx,
                        key,
                        () -> Uni.createFrom().item("done").invoke(done::add),
                        outcome -> made,
                        Verdict::toString))
                .await()
                .atMost(PATIENCE);
    }

    @Test
    void a_key_whose_transaction_rolled_back_may_be_tried_again() {
        db.transactions
                .inTransaction(tx -> keys.judge(tx, List.of(key("a", "body")))
                        .chain(() -> Uni.createFrom().<Void>failure(new IllegalStateException("rolled back"))))
                .onFailure()
                .recoverWithNull()
                .await()
                .atMost(PATIENCE);
        assertThat(judge(key("a", "body"))).containsExactly(new Verdict.Fresh());
    }

    @Test
    void a_key_is_forgotten_after_seven_days() {
        remember(key("a", "body"), 201, UUID.randomUUID());
        db.execute("UPDATE idempotency_key SET created_at = created_at - interval '7 days 1 minute'");
        assertThat(judge(key("a", "other"))).containsExactly(new Verdict.Fresh());
        assertThat(db.transactions
                        .inTransaction(tx -> keys.sweep(tx, 10))
                        .await()
                        .atMost(PATIENCE))
                .isEqualTo(1);
    }

    @Test
    void a_sweep_takes_a_bounded_number_at_a_time_until_only_young_keys_are_left() {
        db.execute("INSERT INTO idempotency_key (tenant, path, key, fingerprint, status, resource_id, created_at)"
                + " SELECT 'acme', '/', n::text, '', 201, gen_random_uuid(), clock_timestamp() - interval '8 days'"
                + " FROM generate_series(1, 25) AS n");
        remember(key("young", "body"), 201, UUID.randomUUID());
        assertThat(db.transactions
                        .inTransaction(tx -> keys.sweep(tx, 10))
                        .await()
                        .atMost(PATIENCE))
                .isEqualTo(10);
        var sweeps = new Sweeps(db.vertx.getDelegate(), db.transactions);
        sweeps.run(new KeySweep(sweeps, keys).of(10)).await().atMost(PATIENCE);
        assertThat(db.texts("SELECT key FROM idempotency_key")).containsExactly("young");
    }

    private List<Verdict> judge(@Nullable Key... asked) {
        return judging(asked).await().atMost(PATIENCE);
    }

    private Uni<List<Verdict>> judging(@Nullable Key... asked) {
        return db.transactions.inTransaction(tx -> keys.judge(tx, Arrays.asList(asked)));
    }

    private void remember(Key key, int status, UUID id) {
        db.transactions
                .inTransaction(tx -> keys.remember(tx, List.of(new Answered(key, status, id))))
                .await()
                .atMost(PATIENCE);
    }

    private static Key key(String value, String body) {
        return new Key("acme", "/path", value, bytes(body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
