package dev.carillon.kit.settings;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Warns, at start, of every environment variable that is meant as a setting of Carillon and that no service reads: one that is misspelt, or whose setting exists no
 * longer. A property of a file or of the command line needs none: with such a one a service does not start.
 */
@ApplicationScoped
public class UnreadVariables {
    private static final Logger LOG = Logger.getLogger(UnreadVariables.class);

    void warn(@Observes StartupEvent started) {
        var variables = Variables.ofCarillon();
        if (variables.isEmpty()) {
            LOG.warn(
                    "Environment variables that are no settings go unnoticed: this build has no list of those that are");
        }
        variables.unread(System.getenv().keySet()).forEach(one -> LOG.warn(text(one)));
    }

    static String text(Variables.Unread variable) {
        String meant = variable.close().isEmpty() ? "" : " Close to it: " + String.join(", ", variable.close()) + ".";
        return variable.name() + " is set, and is no setting of any service: it changes nothing." + meant
                + " All settings are in docs/reference/settings.md.";
    }
}
