package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/messages/batch}, as it comes.
 *
 * @param items each a {@link ScheduleMessageRequest} with an {@code idempotencyKey} beside it, if it wants one; read one by one, so that a
 *     faulty one spoils no other
 */
@RegisterForReflection
public record MessageBatchRequest(@Nullable List<@Nullable ObjectNode> items) {}
