package dev.carillon.local;

import dev.carillon.local.part.Stack;
import java.nio.file.Path;

/** The last lines of a start: commands that work as they stand there. */
final class WhatToTry {

    private WhatToTry() {}

    static String with(Stack stack) {
        Path credentials = stack.options().root().relativize(stack.folder().file("credentials.env"));
        int scheduler = stack.ports().service(ServiceName.SCHEDULER, 1);
        int delivery = stack.ports().service(ServiceName.DELIVERY, 1);
        int providers = stack.ports().providers();
        return """

                What to try next:
                  . %s
                  curl -s localhost:%d/v1/messages -H "X-API-Key: $CARILLON_API_KEY" -H 'Content-Type: application/json' \\
                    -d '{"to":{"channel":"webhook","url":"http://localhost:%d/webhooks/hello"},"content":{"json":{"hello":"world"}},"schedule":{"in":"PT3S"}}'
                  curl -s 'localhost:%d/received?channel=webhook'     # or open http://localhost:%d/
                  curl -s localhost:%d/v1/deliveries -H "X-API-Key: $CARILLON_API_KEY"
                API: http://localhost:%d/q/swagger-ui   Logs: %s
                `make down` stops the stack, `make reset` also forgets its data.""".formatted(
                        credentials.startsWith("..") ? stack.folder().file("credentials.env") : credentials,
                        scheduler,
                        providers,
                        providers,
                        providers,
                        delivery,
                        scheduler,
                        stack.folder().path().resolve("logs"));
    }
}
