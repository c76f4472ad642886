package dev.carillon.system;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A way out of Carillon, with a marker in each message by which it is known again where it arrives. */
enum Way {
    EMAIL {
        @Override
        JsonObject to(String marker, String providers) {
            return new JsonObject().put("channel", label()).put("address", marker + "@example.org");
        }

        @Override
        JsonObject content(String marker) {
            return new JsonObject().put("subject", marker).put("text", "Grüße um 9.");
        }

        @Override
        String markerOf(JsonObject received) {
            return received.getString("subject");
        }
    },
    TELEGRAM {
        @Override
        JsonObject to(String marker, String providers) {
            // A chat of its own for each, since one chat gets one message a second.
            return new JsonObject()
                    .put("channel", label())
                    .put("chatId", String.valueOf(Math.floorMod(marker.hashCode(), 1_000_000_000) + 1));
        }

        @Override
        JsonObject content(String marker) {
            return new JsonObject().put("text", marker);
        }

        @Override
        String markerOf(JsonObject received) {
            return received.getString("text");
        }
    },
    WEBHOOK {
        @Override
        JsonObject to(String marker, String providers) {
            return new JsonObject().put("channel", label()).put("url", providers + "/webhooks/" + marker);
        }

        @Override
        JsonObject content(String marker) {
            return new JsonObject().put("json", new JsonObject().put("text", "Grüße um 9."));
        }

        @Override
        String markerOf(JsonObject received) {
            return received.getString("path").replace("/webhooks/", "");
        }
    };

    abstract JsonObject to(String marker, String providers);

    abstract JsonObject content(String marker);

    abstract String markerOf(JsonObject received);

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
