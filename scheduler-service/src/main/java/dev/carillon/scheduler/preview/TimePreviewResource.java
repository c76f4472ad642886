package dev.carillon.scheduler.preview;

import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.scheduler.message.http.ScheduleReading;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.phrase.Reading;
import dev.carillon.scheduler.phrase.http.PhraseReading;
import dev.carillon.scheduler.recurrence.http.RulePreview;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/time/preview}. */
@Path("/v1/time/preview")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TimePreviewResource {
    private final Staging staging;
    private final RulePreview rules;

    TimePreviewResource(Staging staging, RulePreview rules) {
        this.staging = staging;
        this.rules = rules;
    }

    @POST
    @Blocking
    @PermissionsAllowed("messages:read")
    @Operation(summary = "What a phrase, a local time, a cron expression or an rrule means; nothing is scheduled")
    public TimePreviewView preview(@Nullable TimePreviewRequest request) {
        var body = Problem.required(request);
        var faults = new Faults();
        if (body.ways() != 1) {
            faults.add("", "takes exactly one of phrase, at, cron and rrule");
        }
        onlyWithRules(body, faults);
        if (body.phrase() != null && body.zone() == null) {
            faults.add("/zone", "is required with a phrase");
        }
        var now = reference(body, faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        if (body.hasRule()) {
            return TimePreviewView.of(rules.next(body.rule(), now));
        }
        return TimePreviewView.of(body.phrase() == null ? at(body, now) : phrase(body, now));
    }

    private static void onlyWithRules(TimePreviewRequest body, Faults faults) {
        var rules = new LinkedHashMap<String, @Nullable Object>();
        rules.put("/startAt", body.startAt());
        rules.put("/count", body.count());
        rules.put("/gap", body.gap());
        rules.put("/overlap", body.overlap());
        rules.forEach((pointer, value) -> {
            if (value != null && !body.hasRule()) {
                faults.add(pointer, "belongs to cron and rrule");
            }
        });
    }

    private static Reading phrase(TimePreviewRequest body, Instant now) {
        return PhraseReading.any("/phrase", given(body.phrase()), Zones.read("/zone", given(body.zone())), now);
    }

    private static Reading at(TimePreviewRequest body, Instant now) {
        var faults = new Faults();
        var said = ScheduleReading.at("", given(body.at()), body.zone(), now, faults);
        if (said == null) {
            throw faults.asProblem();
        }
        return said;
    }

    private Instant reference(TimePreviewRequest body, Faults faults) {
        if (body.reference() == null) {
            return staging.now();
        }
        try {
            return Instants.parse(body.reference());
        } catch (DateTimeException malformed) {
            faults.add("/reference", "is not an instant of RFC 3339, such as 2026-11-27T06:00:00Z");
            return Instant.EPOCH;
        }
    }

    private static String given(@Nullable String value) {
        return Objects.requireNonNull(value);
    }
}
