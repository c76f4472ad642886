package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.http.Addresses;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.RecipientRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads to whom something goes: {@code to} and {@code onFailure}. */
final class RecipientReading {
    private final WebhookUrls webhooks;
    private final Faults faults;

    RecipientReading(WebhookUrls webhooks, Faults faults) {
        this.webhooks = webhooks;
        this.faults = faults;
    }

    /** @return null when {@code faults} has got what is wrong */
    @Nullable Recipient read(String pointer, @Nullable RecipientRequest to) {
        if (to == null) {
            faults.add(pointer, "is required");
            return null;
        }
        return switch (to.channel()) {
            case "email" -> only(pointer, to, "address") ? email(pointer + "/address", to.address()) : null;
            case "telegram" -> only(pointer, to, "chatId") ? telegram(pointer + "/chatId", to.chatId()) : null;
            case "webhook" -> webhook(pointer, to);
            case null -> {
                faults.add(pointer + "/channel", "is required: email, telegram or webhook");
                yield null;
            }
            default -> {
                faults.add(pointer + "/channel", "must be email, telegram or webhook");
                yield null;
            }
        };
    }

    /** Whether only the fields of the channel are given. */
    private boolean only(String pointer, RecipientRequest to, String wanted) {
        boolean alone = true;
        for (var field : fields(to).entrySet()) {
            if (field.getValue() && !field.getKey().equals(wanted)) {
                faults.add(pointer + "/" + field.getKey(), "does not belong to the channel " + to.channel());
                alone = false;
            }
        }
        return alone;
    }

    private static Map<String, Boolean> fields(RecipientRequest to) {
        return Map.of(
                "address", to.address() != null,
                "chatId", to.chatId() != null,
                "url", to.url() != null,
                "endpointId", to.endpointId() != null);
    }

    private @Nullable Recipient email(String pointer, @Nullable String address) {
        if (address == null || !Addresses.isEmail(address)) {
            faults.add(pointer, address == null ? "is required" : "is not an e-mail address");
            return null;
        }
        return new Recipient.Email(address);
    }

    private @Nullable Recipient telegram(String pointer, @Nullable JsonNode chatId) {
        boolean scalar = chatId != null && (chatId.isTextual() || chatId.isIntegralNumber());
        if (chatId == null || !scalar || !Addresses.isTelegramChat(chatId.asText())) {
            faults.add(
                    pointer, chatId == null ? "is required" : "is not a Telegram chat id (a number, or @channelname)");
            return null;
        }
        return new Recipient.Telegram(chatId.asText());
    }

    private @Nullable Recipient webhook(String pointer, RecipientRequest to) {
        var endpointId = to.endpointId();
        if (endpointId != null) {
            return only(pointer, to, "endpointId") ? new Recipient.Endpoint(endpointId) : null;
        }
        if (!only(pointer, to, "url")) {
            return null;
        }
        var fault = to.url() == null ? "is required, or endpointId" : WebhookUrls.fault(to.url());
        if (fault != null) {
            faults.add(pointer + "/url", fault);
            return null;
        }
        var url = uri(Objects.requireNonNull(to.url()));
        webhooks.admit(pointer + "/url", url);
        return new Recipient.Webhook(url);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException checkedBefore) {
            throw new IllegalStateException(checkedBefore);
        }
    }
}
