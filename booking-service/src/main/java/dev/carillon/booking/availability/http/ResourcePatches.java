package dev.carillon.booking.availability.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.booking.availability.Resource;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.JsonSize;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads {@code PATCH /v1/resources/{id}}: a merge patch of what a client sees of a resource. */
@ApplicationScoped
class ResourcePatches {
    /** What no client sets. */
    private static final List<String> ITS_OWN = List.of("id", "version", "createdAt");

    private final ObjectMapper json;

    ResourcePatches(ObjectMapper json) {
        this.json = json;
    }

    /**
     * What a patch makes of a resource; applying it says with 413 or 422 what the resource cannot become.
     *
     * @throws ProblemException 400 with what is wrong with the patch, whatever the resource
     */
    UnaryOperator<Resource> read(ObjectNode patch) {
        request(patch);
        return resource -> {
            var merged = (ObjectNode) MergePatch.apply(patchable(resource), patch);
            JsonSize.admit(merged, json);
            return ResourceReading.change(request(merged), resource);
        };
    }

    private OpenResourceRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, OpenResourceRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode patchable(Resource resource) {
        ObjectNode seen = json.valueToTree(ResourceView.of(resource));
        return seen.remove(ITS_OWN);
    }
}
