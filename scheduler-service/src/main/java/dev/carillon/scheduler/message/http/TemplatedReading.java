package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.TemplateContents;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.template.Filling;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.TemplateRef;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"template", "data"}}: fills the template in, or says everything that keeps it from being filled in. */
final class TemplatedReading {
    private static final String TEMPLATE = "/content/template";
    private static final String DATA = "/content/data";

    private final TenantsOwn own;
    private final Faults faults;

    TemplatedReading(TenantsOwn own, Faults faults) {
        this.own = own;
        this.faults = faults;
    }

    /** The words that came of a template, and what they came of. */
    record Words(Filling.Filled filled, TemplateRef ref, Template template, String data) {
        Content with(@Nullable String from, @Nullable String replyTo, List<Content.Attachment> attachments) {
            return new Content.OfTemplate(
                    new Content.Text(
                            filled.subject(),
                            filled.text(),
                            filled.html(),
                            filled.markdown(),
                            from,
                            replyTo,
                            attachments),
                    template.name(),
                    template.version(),
                    ref.version() == null,
                    data);
        }
    }

    /** Null when the faults have got what is wrong. */
    @Nullable Words read(String named, @Nullable Map<String, @Nullable JsonNode> data, Recipient to) {
        var ref = TemplateRef.read(named);
        if (ref.isEmpty()) {
            faults.add(
                    TEMPLATE, "is not the name of a template, such as reminder, or reminder@3 for its third version");
            return null;
        }
        var object = object(data);
        if (ContentReading.isDeeperThan(ContentReading.DEEPEST_JSON, object)) {
            faults.add(DATA, "takes up to " + ContentReading.DEEPEST_JSON + " levels");
            return null;
        }
        var template = known(ref.get());
        return switch (TemplateContents.fill(template, to, MessageJson.data(object))) {
            case Filling.Filled filled -> new Words(filled, ref.get(), template, object.toString());
            case Filling.Refused(List<Filling.Refused.Fault> refused) -> {
                refused.forEach(one -> faults.add(DATA + "/" + one.path().replace('.', '/'), one.why()));
                yield null;
            }
            case Filling.SubjectTooLong() -> {
                faults.add(DATA, "makes the subject longer than " + Filling.LONGEST_SUBJECT + " characters");
                yield null;
            }
            case Filling.Wordless() -> {
                faults.add(TEMPLATE, "has only markdown, which is for Telegram; an e-mail needs text or html");
                yield null;
            }
            case Filling.TooLarge() -> throw tooLarge();
        };
    }

    private static ObjectNode object(@Nullable Map<String, @Nullable JsonNode> data) {
        var object = JsonNodeFactory.instance.objectNode();
        if (data != null) {
            data.forEach(object::set);
        }
        return object;
    }

    private Template known(TemplateRef ref) {
        var found = own.template(ref).orElseThrow(() -> unknown("No template of yours is " + ref));
        if (found.retiredAt() != null) {
            throw unknown(found.name() + " is retired");
        }
        return found;
    }

    private static ProblemException unknown(String detail) {
        return Faults.named("unknown-template", "There is no such template", TEMPLATE, detail);
    }

    static ProblemException tooLarge() {
        return new ProblemException(Problem.of(
                        413,
                        "body-too-large",
                        "What this comes to is too large",
                        "At most %d bytes of JSON are taken".formatted(Filling.LARGEST))
                .withErrors(List.of(new FieldError(DATA, "makes the content larger than is taken"))));
    }
}
