package dev.carillon.kit.log;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.carillon.kit.log.LogLevels.Category;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A category as it is shown.
 *
 * @param level what counts for it
 * @param inherited whether that is the level of a category above
 * @param changedBy who changed it while the service ran; absent when nobody did, and so are the next three
 * @param configured what it goes back to; absent also when that is to have none of its own
 * @param until when it goes back by itself; absent when it does not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record LogLevelView(
        String category,
        String level,
        boolean inherited,
        @Nullable String changedBy,
        @Nullable Instant changedAt,
        @Nullable String configured,
        @Nullable Instant until) {

    /** Those that have a level of their own, by name. */
    @RegisterForReflection
    public record All(List<LogLevelView> items) {}

    static LogLevelView of(Category category) {
        var changed = category.changed();
        return changed == null
                ? new LogLevelView(category.name(), category.level(), category.inherited(), null, null, null, null)
                : new LogLevelView(
                        category.name(),
                        category.level(),
                        category.inherited(),
                        changed.by(),
                        changed.at(),
                        changed.configured(),
                        changed.until());
    }
}
