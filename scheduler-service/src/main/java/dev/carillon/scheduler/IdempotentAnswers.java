package dev.carillon.scheduler;

import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Answers requests whose {@code Idempotency-Key} has been seen before: with the first answer's resource as it is now, or with a refusal. */
@ApplicationScoped
public class IdempotentAnswers {
    private final Transactions transactions;
    private final IdempotencyKeys keys;

    public IdempotentAnswers(Transactions transactions, IdempotencyKeys keys) {
        this.transactions = transactions;
        this.keys = keys;
    }

    /**
     * To a key that is not fresh.
     *
     * @param shown the resource of this id; fails with a problem when it is no more
     */
    public Uni<Response> again(Verdict verdict, Function<UUID, Uni<Response.ResponseBuilder>> shown) {
        if (!(verdict instanceof Verdict.Repeated repeated)) {
            throw IdempotencyHeader.refusal(verdict);
        }
        return shown.apply(repeated.resourceId())
                .map(answer -> answer.header(IdempotencyHeader.REPLAYED, "true").build());
    }

    /** To a request that would be refused now: it may have been taken when it came first, for what is in the past now was not then. */
    public Uni<Response> againOrRefused(
            IdempotencyKeys.Key key, ProblemException refusal, Function<UUID, Uni<Response.ResponseBuilder>> shown) {
        return transactions
                .inTransaction(tx -> keys.judge(tx, List.of(key)).map(List::getFirst))
                .chain(verdict ->
                        verdict instanceof Verdict.Fresh ? Uni.createFrom().failure(refusal) : again(verdict, shown));
    }
}
