package dev.carillon.kit.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor where the next page begins; null after the last, and there all the same, as in every list
 */
@RegisterForReflection
public record Page<T>(
        List<T> items,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextCursor) {
    /** @param found up to {@code limit + 1} rows: the one too many says that there is another page */
    public static <R, T> Page<T> of(List<R> found, int limit, Function<R, T> view, Function<R, UUID> id) {
        boolean more = found.size() > limit;
        return of(more ? found.subList(0, limit) : found, more, view, id);
    }

    /** @param more whether there is another page; then {@code shown} is not empty */
    public static <R, T> Page<T> of(List<R> shown, boolean more, Function<R, T> view, Function<R, UUID> id) {
        return new Page<>(shown.stream().map(view).toList(), more ? Cursor.write(id.apply(shown.getLast())) : null);
    }
}
