package dev.carillon.scheduler.message.http;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.ScheduleRequest;
import dev.carillon.scheduler.template.FoundTemplates;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a message that has no instant of its own, with every check of one that has. */
@ApplicationScoped
public class DraftReading {
    private static final ScheduleRequest NOW = new ScheduleRequest(null, null, true, null, null);

    private final Tenants tenants;
    private final EventIds ids;

    public DraftReading(Tenants tenants, EventIds ids) {
        this.tenants = tenants;
        this.ids = ids;
    }

    /**
     * @param pointer where the message is in the body
     * @param templates those that it names
     * @param kept the content, if it is to be what it was; null if it is the request's
     * @throws ProblemException 422 with every fault, where it is in the body
     */
    public MessageDraft read(
            String pointer,
            ScheduleMessageRequest request,
            String tenant,
            String caller,
            FoundTemplates templates,
            @Nullable Content kept) {
        var at = new ScheduleMessageRequest(
                request.to(),
                request.content(),
                NOW,
                null,
                request.orderingKey(),
                request.onFailure(),
                request.metadata());
        try {
            var own = tenants.own(tenant, templates);
            return MessageDraft.of(MessageReading.read(at, ids.next(), own, caller, Instant.now(), kept));
        } catch (ProblemException refusal) {
            throw new ProblemException(below(pointer, refusal.problem()));
        }
    }

    /** Whether it is a list of faults, and none of those refusals that have a name of their own. */
    public static boolean listsFaults(Problem problem) {
        return problem.type().endsWith(":invalid-request");
    }

    private static Problem below(String pointer, Problem problem) {
        List<FieldError> errors = problem.errors().stream()
                .map(error -> new FieldError(pointer + error.pointer(), error.detail()))
                .toList();
        return listsFaults(problem) ? Problem.invalid(errors) : problem.withErrors(errors);
    }
}
