package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.carillon.kit.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a batch: one result for each item, in their order. */
@RegisterForReflection
public record MessageBatchView(List<Result> results) {

    /**
     * @param status as if the item had come alone
     * @param message with status 201
     * @param problem with any other
     * @param replayed whether the item's key stood for a message that was there already
     */
    @RegisterForReflection
    public record Result(
            int status,
            @Nullable MessageView message,
            @Nullable Problem problem,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean replayed) {

        static Result scheduled(MessageView message) {
            return new Result(201, message, null, false);
        }

        static Result again(MessageView message) {
            return new Result(201, message, null, true);
        }

        static Result refused(Problem problem) {
            return new Result(problem.status(), null, problem, false);
        }
    }
}
