package dev.carillon.scheduler.recurrence.http;

import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.http.DraftReading;
import dev.carillon.scheduler.phrase.http.PhraseReading;
import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Misfire;
import dev.carillon.scheduler.recurrence.Occurrences;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.Rules.Reading;
import dev.carillon.scheduler.recurrence.ZonePolicy;
import dev.carillon.scheduler.recurrence.http.ScheduleDocuments.Asked;
import dev.carillon.scheduler.recurrence.usecase.ReadRules;
import dev.carillon.scheduler.template.FoundTemplates;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a request into a definition, or says everything that is wrong with it. */
@ApplicationScoped
class DefinitionReading {
    private static final int LARGEST_COUNT = 10_000;
    private static final Duration LONGEST_WINDOW = Duration.ofDays(31);
    private static final Duration LONGEST_LIFE = Duration.ofDays(366);

    private final ReadRules rules;
    private final DraftReading drafts;

    DefinitionReading(ReadRules rules, DraftReading drafts) {
        this.rules = rules;
        this.drafts = drafts;
    }

    /**
     * @param occurrences with all bounds
     */
    record Read(Definition definition, Occurrences occurrences) {}

    /**
     * @param templates those that the message names
     * @throws ProblemException 422 with what is wrong
     */
    Read read(Asked asked, String tenant, String caller, FoundTemplates templates, Instant now) {
        var request = asked.request();
        var faults = new Faults();
        oneWay(request, faults);
        var policy = RuleRequest.policy(request.zone(), request.gap(), request.overlap(), faults);
        var misfire = misfire(request, faults);
        var expiresAfter = duration("/expiresAfter", request.expiresAfter(), LONGEST_LIFE, faults);
        count(request.count(), faults);
        var zone = policy == null ? ZoneOffset.UTC : policy.zone();
        var start = RuleRequest.local("/startAt", request.startAt(), zone, now, now, faults);
        var startAt = RuleRequest.startAt(request.startAt(), start, zone, now);
        var end = request.endAt() == null ? null : end(request.endAt(), zone, startAt, now, faults);
        var message = message(asked, tenant, caller, templates, faults);
        if (policy == null || message == null || !faults.none()) {
            throw faults.asProblem();
        }
        var said = said(request, policy, start, startAt, now);
        var definition = new Definition(
                said.rule,
                said.policy,
                said.start,
                said.startSecond,
                end,
                request.count(),
                misfire,
                expiresAfter,
                message);
        return new Read(definition, occurrences(definition, now));
    }

    private static void oneWay(ScheduleRequest request, Faults faults) {
        long ways = Stream.of(request.cron(), request.rrule(), request.phrase())
                .filter(Objects::nonNull)
                .count();
        if (ways != 1) {
            faults.add(
                    "",
                    "takes exactly one of cron, rrule and phrase; a change from one to another sets the one to null");
        }
    }

    /** What recurs, where, and from when on. */
    private record Said(Rule rule, ZonePolicy policy, LocalDateTime start, boolean startSecond) {}

    /** A phrase is kept as the rule that it means, said at the start, or now if that is past; its own zone counts before the one beside it. */
    private static Said said(
            ScheduleRequest request, ZonePolicy policy, LocalDateTime start, Instant startAt, Instant now) {
        var rule = RuleRequest.rule(request.cron(), request.rrule());
        if (rule != null) {
            return new Said(rule, policy, start, policy.isSecond(start, startAt));
        }
        var phrase = Objects.requireNonNull(request.phrase());
        var from = startAt.isAfter(now) ? startAt : now;
        var reading = PhraseReading.any("/phrase", phrase, policy.zone(), from);
        return switch (reading) {
            case dev.carillon.scheduler.phrase.Reading.Recurrence recurrence -> {
                var there = new ZonePolicy(recurrence.zone(), policy.gap(), policy.overlap());
                var first = recurrence.first();
                yield new Said(new Rule.RRule(recurrence.rrule()), there, first, there.isSecond(first, from));
            }
            case dev.carillon.scheduler.phrase.Reading.Moment moment ->
                throw Faults.named(
                        "phrase-not-recurring",
                        "The phrase means one instant",
                        "/phrase",
                        "It means " + moment.words() + ", and what recurs is wanted here");
        };
    }

    private Occurrences occurrences(Definition definition, Instant now) {
        var rule = understood(definition.rule(), rules.read(definition));
        if (definition.count() != null && (rule.count() != null || rule.until() != null)) {
            var faults = new Faults();
            faults.add("/count", "is said by the rule's own COUNT or UNTIL already");
            throw faults.asProblem();
        }
        var occurrences = Occurrences.of(
                rule,
                definition.zonePolicy(),
                definition.start(),
                definition.firstAt(),
                definition.endAt(),
                definition.count());
        if (occurrences.next(now).isEmpty()) {
            throw Faults.named(
                    "no-occurrence",
                    "The schedule would never fire",
                    RuleRequest.pointer(definition.rule()),
                    "has no occurrence after now, within what is searched: some 60 years, or a thousand steps of the rule");
        }
        return occurrences;
    }

    /** @throws ProblemException 422 when it is not */
    static Reading.Understood understood(Rule rule, Reading reading) {
        return switch (reading) {
            case Reading.Understood understood -> understood;
            case Reading.NotUnderstood(String why) ->
                throw Faults.named("rule-not-understood", "The rule is not understood", RuleRequest.pointer(rule), why);
            case Reading.TooFrequent(String why) ->
                throw Faults.named("rule-too-frequent", "The rule fires too often", RuleRequest.pointer(rule), why);
        };
    }

    private @Nullable MessageDraft message(
            Asked asked, String tenant, String caller, FoundTemplates templates, Faults faults) {
        var message = asked.request().message();
        if (message == null) {
            faults.add("/message", "is required");
            return null;
        }
        if (message.schedule() != null) {
            faults.add("/message/schedule", "is what the schedule is for");
        }
        if (message.expiresAt() != null) {
            faults.add("/message/expiresAt", "is one instant for all; say expiresAfter beside message");
        }
        try {
            return drafts.read("/message", message, tenant, caller, templates, asked.kept());
        } catch (ProblemException refusal) {
            if (!DraftReading.listsFaults(refusal.problem())) {
                throw refusal;
            }
            refusal.problem().errors().forEach(error -> faults.add(error.pointer(), error.detail()));
            return null;
        }
    }

    private static Instant end(String text, ZoneId zone, Instant startAt, Instant now, Faults faults) {
        var local = RuleRequest.local("/endAt", text, zone, now, now, faults);
        var end = RuleRequest.instant(text, local, zone);
        if (faults.none() && end.isBefore(startAt)) {
            faults.add("/endAt", "is before the start");
        }
        return end;
    }

    private static void count(@Nullable Integer count, Faults faults) {
        if (count != null && (count < 1 || count > LARGEST_COUNT)) {
            faults.add("/count", "takes 1 to " + LARGEST_COUNT);
        }
    }

    private static Misfire misfire(ScheduleRequest request, Faults faults) {
        var name = RuleRequest.oneOf(
                "/misfire", request.misfire(), "fire-once", List.of("fire-once", "skip", "catch-up"), faults);
        var window = duration("/misfireWindow", request.misfireWindow(), LONGEST_WINDOW, faults);
        if (name.equals("catch-up") == (request.misfireWindow() == null)) {
            faults.add("/misfireWindow", "belongs to the misfire catch-up, which needs one");
        }
        return switch (name) {
            case "skip" -> new Misfire.Skip();
            case "catch-up" -> new Misfire.CatchUp(window == null ? Duration.ZERO : window);
            default -> new Misfire.FireOnce();
        };
    }

    private static @Nullable Duration duration(String pointer, @Nullable String text, Duration longest, Faults faults) {
        if (text == null) {
            return null;
        }
        try {
            var duration = Duration.parse(text);
            if (!duration.isPositive() || duration.compareTo(longest) > 0) {
                faults.add(pointer, "takes up to " + longest.toDays() + " days, and not none");
            }
            return duration;
        } catch (DateTimeException | ArithmeticException malformed) {
            faults.add(pointer, "is not a duration of ISO 8601 in days and smaller, such as PT2H or P1D");
            return null;
        }
    }
}
