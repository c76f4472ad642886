package dev.carillon.local;

import dev.carillon.local.part.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Looks before anything is started whether every port that will be needed is free. */
final class PortCheck {

    private PortCheck() {}

    /** @throws StackFailure that names each port in use and what needs it */
    static void allFree(List<Part> toStart) {
        var wanted = new HashMap<Integer, String>();
        var problems = new ArrayList<String>();
        for (Part part : toStart) {
            for (int port : part.ports()) {
                String other = wanted.put(port, part.name());
                if (other != null) {
                    problems.add("port " + port + " is needed by both " + other + " and " + part.name());
                } else if (!Ports.isFree(port)) {
                    problems.add("port " + port + " is in use, and " + part.name() + " needs it");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new StackFailure("Nothing was started:\n  " + String.join("\n  ", problems)
                    + "\nFree them, or move the whole stack, for example: make up CARILLON_PORT_OFFSET=1000");
        }
    }
}
