package dev.carillon.booking.availability.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.booking.availability.Resource;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads {@code PATCH /v1/resources/{id}}: a merge patch of what a client sees of a resource. */
@ApplicationScoped
class ResourcePatches {
    /** Slots have been made of these. */
    private static final List<String> FIXED =
            List.of("zone", "slotLength", "capacity", "buffer", "horizon", "weekly", "exceptions");

    private final ObjectMapper json;

    ResourcePatches(ObjectMapper json) {
        this.json = json;
    }

    /**
     * What a patch makes of a resource; applying it says with 422 what the resource cannot become.
     *
     * @throws ProblemException 400 or 422 with what is wrong with the patch, whatever the resource
     */
    UnaryOperator<Resource> read(ObjectNode patch) {
        var faults = new Faults();
        FIXED.stream()
                .filter(patch::has)
                .forEach(field -> faults.add("/" + field, "cannot be changed: slots have been made of it"));
        if (!faults.none()) {
            throw faults.asProblem();
        }
        request(patch);
        return resource ->
                ResourceReading.change(request((ObjectNode) MergePatch.apply(patchable(resource), patch)), resource);
    }

    private OpenResourceRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, OpenResourceRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode patchable(Resource resource) {
        var rules = resource.rules();
        return json.createObjectNode()
                .put("name", resource.name())
                .put("leadTime", rules.leadTime().toString())
                .put("cancelNotice", rules.cancelNotice().toString())
                .put("maxPerCustomer", rules.maxPerCustomer())
                .set("reminders", json.valueToTree(resource.reminders()));
    }
}
