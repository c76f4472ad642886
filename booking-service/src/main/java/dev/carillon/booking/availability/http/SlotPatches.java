package dev.carillon.booking.availability.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads {@code PATCH /v1/slots/{id}}: a merge patch of what a client may change in a slot, none of which a slot can be without. */
@ApplicationScoped
class SlotPatches {
    private final ObjectMapper json;

    SlotPatches(ObjectMapper json) {
        this.json = json;
    }

    /** @throws ProblemException 400 with what is malformed, 422 with every member that is to be taken away */
    ChangeSlotRequest read(ObjectNode patch) {
        var request = request(patch);
        var faults = new Faults();
        for (var member : patch.properties()) {
            if (member.getValue().isNull()) {
                faults.add("/" + member.getKey(), "cannot be taken away");
            }
        }
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return request;
    }

    private ChangeSlotRequest request(ObjectNode patch) {
        try {
            return json.treeToValue(patch, ChangeSlotRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }
}
