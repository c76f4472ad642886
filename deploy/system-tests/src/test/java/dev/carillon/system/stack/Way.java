package dev.carillon.system.stack;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A way out of Carillon, with a marker in each message by which it is known again where it arrives. */
public enum Way {
    EMAIL {
        @Override
        public JsonObject to(String marker, String providers) {
            return new JsonObject().put("channel", label()).put("address", marker + "@example.org");
        }

        @Override
        public JsonObject content(String marker) {
            return new JsonObject().put("subject", marker).put("text", "Grüße um 9.");
        }

        @Override
        public String markerOf(JsonObject received) {
            return received.getString("subject");
        }
    },
    TELEGRAM {
        @Override
        public JsonObject to(String marker, String providers) {
            // A chat of its own for each, since one chat gets one message a second.
            return new JsonObject()
                    .put("channel", label())
                    .put("chatId", String.valueOf(Math.floorMod(marker.hashCode(), 1_000_000_000) + 1));
        }

        @Override
        public JsonObject content(String marker) {
            return new JsonObject().put("text", marker);
        }

        @Override
        public String markerOf(JsonObject received) {
            return received.getString("text");
        }
    },
    WEBHOOK {
        @Override
        public JsonObject to(String marker, String providers) {
            return new JsonObject().put("channel", label()).put("url", providers + "/webhooks/" + marker);
        }

        @Override
        public JsonObject content(String marker) {
            return new JsonObject().put("json", new JsonObject().put("text", "Grüße um 9."));
        }

        @Override
        public String markerOf(JsonObject received) {
            return received.getString("path").replace("/webhooks/", "");
        }
    };

    public abstract JsonObject to(String marker, String providers);

    public abstract JsonObject content(String marker);

    public abstract String markerOf(JsonObject received);

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
