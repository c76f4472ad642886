package dev.carillon.scheduler.recurrence.http;

import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.Workers;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.recurrence.usecase.ChangeSchedule;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/** What requests about schedules are answered with. A view expands the schedule's rule, and so belongs on a worker. */
@ApplicationScoped
class ScheduleAnswers {
    private final ScheduleDocuments documents;
    private final ScheduleStore schedules;
    private final Staging staging;
    private final Workers workers;

    ScheduleAnswers(ScheduleDocuments documents, ScheduleStore schedules, Staging staging, Workers workers) {
        this.documents = documents;
        this.schedules = schedules;
        this.staging = staging;
        this.workers = workers;
    }

    Response.ResponseBuilder changed(UUID id, ChangeSchedule.Outcome outcome) {
        return switch (outcome) {
            case ChangeSchedule.Outcome.Changed(TracedSchedule schedule) -> ok(schedule);
            case ChangeSchedule.Outcome.Deleted() -> Response.noContent();
            case ChangeSchedule.Outcome.NotFound() -> throw notFound(id);
            case ChangeSchedule.Outcome.OtherRevision(int actual) -> throw Queries.versionMismatch(actual);
            case ChangeSchedule.Outcome.Ended() ->
                throw new ProblemException(Problem.of(
                        409,
                        "schedule-ended",
                        "The schedule has ended",
                        "It has no occurrence any more; change its rule or its end to have some"));
            case ChangeSchedule.Outcome.CatchingUp() ->
                throw new ProblemException(
                        Problem.of(
                                409,
                                "schedule-catching-up",
                                "The schedule is catching up with what it missed",
                                "Try again in a moment; nothing was changed"),
                        Duration.ofSeconds(1));
            case ChangeSchedule.Outcome.Decided(Verdict verdict) -> throw IdempotencyHeader.refusal(verdict);
        };
    }

    /** To a key that was seen before: the schedule as it is now. */
    Uni<Response.ResponseBuilder> again(
            String tenant, UUID id, Function<TracedSchedule, Response.ResponseBuilder> answer) {
        return schedules
                .find(tenant, id)
                .chain(found -> workers.run(() -> answer.apply(found.orElseThrow(() -> notFound(id)))));
    }

    Response.ResponseBuilder created(TracedSchedule schedule) {
        return ok(schedule).status(Response.Status.CREATED).location(URI.create("/v1/schedules/" + schedule.id()));
    }

    Response.ResponseBuilder ok(TracedSchedule schedule) {
        return Response.ok(documents.view(schedule, staging.now()))
                .tag(String.valueOf(schedule.schedule().revision()));
    }

    static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("schedule", id));
    }
}
