package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.TemplateContents;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.template.Filling;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.FoundTemplates.Wanted;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.store.TemplateStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the messages of schedules say. A schedule that names a template without a version follows it: each occurrence is made of the latest version. No
 * occurrence is lost to a template: where the latest version asks for what the schedule's data lacks, it says what it said when the schedule was last
 * changed, and the message shows of which version that is.
 */
@ApplicationScoped
class RunContents {
    private static final Logger LOG = Logger.getLogger(RunContents.class);

    private final TemplateStore templates;
    private final MessageJson json;
    private final Counter formerVersions;

    RunContents(TemplateStore templates, MessageJson json, MeterRegistry metrics) {
        this.templates = templates;
        this.json = json;
        this.formerVersions = metrics.counter("carillon.schedule.former.template.versions");
    }

    /** Makes it, and with it its counter, which tells of the first occurrence only when it was there before. */
    void start(@Observes StartupEvent started) {}

    /** The templates that the schedules follow, by one query. */
    Uni<FoundTemplates> followed(Tx tx, List<RecurringSchedule> schedules) {
        return templates.find(
                tx, schedules.stream().flatMap(one -> followed(one).stream()).toList());
    }

    private static Optional<Wanted> followed(RecurringSchedule schedule) {
        return schedule.definition().message().content() instanceof Content.OfTemplate of && of.latest()
                ? Optional.of(new Wanted(schedule.tenant(), new TemplateRef(of.template(), null)))
                : Optional.empty();
    }

    /** What its message says now. */
    MessageDraft message(RecurringSchedule schedule, FoundTemplates found) {
        var message = schedule.definition().message();
        var template = followed(schedule).flatMap(wanted -> found.find(wanted.tenant(), wanted.ref()));
        return message.content() instanceof Content.OfTemplate of
                        && template.isPresent()
                        && template.get().version() != of.version()
                ? message.with(madeOf(template.get(), of, schedule))
                : message;
    }

    private Content madeOf(Template latest, Content.OfTemplate former, RecurringSchedule schedule) {
        var to = schedule.definition().message().to();
        return switch (TemplateContents.fill(latest, to, json.data(former))) {
            case Filling.Filled filled -> TemplateContents.anew(former, latest, filled);
            case Filling.Refused(var faults) -> stayed(former, latest, schedule, "needs " + faults);
            case Filling.SubjectTooLong() -> stayed(former, latest, schedule, "makes too long a subject");
            case Filling.Wordless() -> stayed(former, latest, schedule, "has words for Telegram alone");
            case Filling.TooLarge() -> stayed(former, latest, schedule, "makes too large a content");
        };
    }

    private Content stayed(Content.OfTemplate former, Template latest, RecurringSchedule schedule, String why) {
        formerVersions.increment();
        LOG.warnf(
                "Schedule %s of tenant %s stays with version %d of template %s: version %d %s",
                schedule.id(), schedule.tenant(), former.version(), latest.name(), latest.version(), why);
        return former;
    }
}
