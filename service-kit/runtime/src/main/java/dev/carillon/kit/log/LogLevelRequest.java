package dev.carillon.kit.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What {@code PUT /v1/log-levels/{category}} takes. */
@Schema(name = "LogLevelRequest")
@RegisterForReflection
public record LogLevelRequest(
        @Schema(description = "DEBUG, INFO, WARN, ERROR or OFF") @Nullable String level,

        @Schema(description = "ISO 8601, up to P7D: after it the level goes back by itself", examples = "PT15M")
        @JsonProperty("for")
        @Nullable String within) {}
