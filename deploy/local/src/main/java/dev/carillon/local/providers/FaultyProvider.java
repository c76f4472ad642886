package dev.carillon.local.providers;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** An HTTP provider: what it keeps of a request, and its answers when well, failing, or asked too often. */
interface FaultyProvider {

    Channel channel();

    /** The answer to a request that this provider would never accept; such a one is not kept. */
    Optional<Answer> refusal(Request request);

    JsonObject details(Request request);

    Answer acceptance(Request request);

    Answer error(Fault fault);

    Answer rateLimit(Fault fault);
}
