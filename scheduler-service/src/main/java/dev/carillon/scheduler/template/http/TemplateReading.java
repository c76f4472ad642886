package dev.carillon.scheduler.template.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.JsonSize;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import dev.carillon.scheduler.template.Filling;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.TemplateText;
import dev.carillon.scheduler.template.Texts;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Reads what a client wants of a template, or says everything that is wrong with it. */
@ApplicationScoped
class TemplateReading {
    private final ObjectMapper json;

    TemplateReading(ObjectMapper json) {
        this.json = json;
    }

    /** A new template. */
    record Read(String name, Texts texts) {}

    /** @throws ProblemException 422 with every fault */
    static Read read(TemplateRequest request) {
        var faults = new Faults();
        var name = request.name() == null ? "" : request.name();
        if (!TemplateRef.isName(name)) {
            faults.add("/name", "takes 1 to 100 letters, digits, dots, - and _, the first a letter or a digit");
        }
        var texts = texts(request, faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new Read(name, texts);
    }

    /**
     * The texts as a merge patch leaves them.
     *
     * @throws ProblemException 400, 413 or 422 with what is wrong
     */
    Texts patched(Texts current, ObjectNode patch) {
        var faults = new Faults();
        if (patch.has("name")) {
            faults.add("/name", "cannot be changed: create another template");
            throw faults.asProblem();
        }
        request(patch);
        var merged = (ObjectNode) MergePatch.apply(document(current), patch);
        JsonSize.admit(merged, json);
        var texts = texts(request(merged), faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return texts;
    }

    private TemplateRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, TemplateRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode document(Texts texts) {
        var document = json.createObjectNode();
        put(document, "subject", texts.subject());
        put(document, "text", texts.text());
        put(document, "html", texts.html());
        put(document, "markdown", texts.markdown());
        return document;
    }

    private static void put(ObjectNode document, String name, @Nullable TemplateText text) {
        if (text != null) {
            document.put(name, text.source());
        }
    }

    private static Texts texts(TemplateRequest request, Faults faults) {
        if (request.text() == null && request.html() == null && request.markdown() == null) {
            faults.add("", "needs text, html or markdown");
        }
        var subject = request.subject();
        if (subject != null
                && (subject.length() > Filling.LONGEST_SUBJECT
                        || subject.chars().anyMatch(Character::isISOControl))) {
            faults.add("/subject", "takes up to " + Filling.LONGEST_SUBJECT + " characters and no line breaks");
        }
        return new Texts(
                text("/subject", subject, faults),
                text("/text", request.text(), faults),
                text("/html", request.html(), faults),
                text("/markdown", request.markdown(), faults));
    }

    private static @Nullable TemplateText text(String pointer, @Nullable String source, Faults faults) {
        return source == null
                ? null
                : switch (TemplateText.read(source)) {
                    case TemplateText.Reading.Understood(TemplateText text) -> text;
                    case TemplateText.Reading.NotUnderstood(int position, String why) -> {
                        faults.add(pointer, "%s (at position %d, from 0)".formatted(why, position));
                        yield null;
                    }
                };
    }
}
