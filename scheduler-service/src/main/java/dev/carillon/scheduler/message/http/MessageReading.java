package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.http.Addresses;
import dev.carillon.kit.http.Instants;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.AttachmentRequest;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.ContentRequest;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.RecipientRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request into a message, or says everything that is wrong with it. */
final class MessageReading {
    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_SUBJECT = 998; // RFC 5322, section 2.1.1
    private static final int DEEPEST_JSON = 64;
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[\\w.+-]{1,127}/[\\w.+-]{1,127}(; ?[\\w.+-]+=[\\w.+-]+)*");

    private final ScheduleMessageRequest request;
    private final Senders senders;
    private final Faults faults = new Faults();

    private MessageReading(ScheduleMessageRequest request, Senders senders) {
        this.request = request;
        this.senders = senders;
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    static Message read(
            ScheduleMessageRequest request, UUID id, String tenant, Senders senders, String caller, Instant now) {
        return new MessageReading(request, senders).message(id, tenant, caller, now);
    }

    private Message message(UUID id, String tenant, String caller, Instant now) {
        var to = recipient("/to", request.to());
        var content = content(to);
        var timing = ScheduleReading.read(request.schedule(), now, faults);
        var expiresAt = expiresAt(timing == null ? now : timing.dueAt());
        var onFailure = request.onFailure() == null ? null : recipient("/onFailure", request.onFailure());
        orderingKey();
        var metadata = metadata();
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return Message.scheduled(
                id,
                tenant,
                Objects.requireNonNull(to),
                Objects.requireNonNull(content),
                Objects.requireNonNull(timing),
                expiresAt,
                request.orderingKey(),
                onFailure,
                metadata,
                new Source("api", caller),
                now);
    }

    private @Nullable Recipient recipient(String pointer, @Nullable RecipientRequest to) {
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
        if (to.endpointId() != null) {
            throw Faults.named(
                    "unknown-endpoint",
                    "There is no such endpoint",
                    pointer + "/endpointId",
                    "No endpoint of yours has the id " + to.endpointId());
        }
        if (!only(pointer, to, "url")) {
            return null;
        }
        var fault = to.url() == null ? "is required" : WebhookUrls.fault(to.url());
        if (fault != null) {
            faults.add(pointer + "/url", fault);
            return null;
        }
        var url = uri(Objects.requireNonNull(to.url()));
        WebhookUrls.refuseLiterally(pointer + "/url", url);
        return new Recipient.Webhook(url);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException checkedBefore) {
            throw new IllegalStateException(checkedBefore);
        }
    }

    private @Nullable Content content(@Nullable Recipient to) {
        var content = request.content();
        if (content == null) {
            faults.add("/content", "is required");
            return null;
        }
        if (content.template() != null) {
            throw Faults.named(
                    "unknown-template",
                    "There is no such template",
                    "/content/template",
                    "No template of yours has this name");
        }
        if (content.data() != null) {
            faults.add("/content/data", "belongs to a template");
            return null;
        }
        return switch (to) {
            case null -> null;
            case Recipient.Webhook ignored -> json(content);
            case Recipient.Email ignored -> text(content, true);
            case Recipient.Telegram ignored -> text(content, false);
        };
    }

    private @Nullable Content json(ContentRequest content) {
        boolean others = anyGiven(
                content.subject(),
                content.text(),
                content.html(),
                content.from(),
                content.replyTo(),
                content.attachments());
        if (content.json() == null || !content.json().isObject() || others) {
            faults.add("/content", "of a webhook is {\"json\": {…}}");
            return null;
        }
        if (isDeeperThan(DEEPEST_JSON, content.json())) {
            faults.add("/content/json", "takes up to " + DEEPEST_JSON + " levels");
            return null;
        }
        return new Content.Json(content.json().toString());
    }

    private static boolean isDeeperThan(int levels, JsonNode node) {
        if (levels == 0) {
            return node.isContainerNode();
        }
        for (var child : node) {
            if (isDeeperThan(levels - 1, child)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyGiven(@Nullable Object... values) {
        for (var value : values) {
            if (value != null) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Content text(ContentRequest content, boolean email) {
        if (content.json() != null) {
            faults.add("/content/json", "belongs to the channel webhook");
        }
        if (content.text() == null && content.html() == null) {
            faults.add("/content", "needs text or html");
        }
        header("/content/subject", content.subject());
        if (email) {
            sender("/content/from", content.from());
            sender("/content/replyTo", content.replyTo());
        } else if (anyGiven(content.subject(), content.from(), content.replyTo(), content.attachments())) {
            faults.add("/content", "of a Telegram message is text or html");
        }
        return new Content.Text(
                content.subject(),
                content.text(),
                content.html(),
                content.from(),
                content.replyTo(),
                attachments(content));
    }

    private void header(String pointer, @Nullable String value) {
        if (value == null) {
            return;
        }
        if (value.length() > LONGEST_SUBJECT || value.chars().anyMatch(Character::isISOControl)) {
            faults.add(pointer, "takes up to " + LONGEST_SUBJECT + " characters and no line breaks");
        }
    }

    private void sender(String pointer, @Nullable String address) {
        if (address == null) {
            return;
        }
        if (Addresses.isEmail(address)) {
            senders.admit(pointer, address);
        } else {
            faults.add(pointer, "is not an e-mail address");
        }
    }

    private List<Content.Attachment> attachments(ContentRequest content) {
        var read = new ArrayList<Content.Attachment>();
        var given = content.attachments() == null ? List.<AttachmentRequest>of() : content.attachments();
        for (int i = 0; i < given.size(); i++) {
            var one = given.get(i);
            var pointer = "/content/attachments/" + i;
            if (one == null || one.name() == null || one.contentType() == null || one.base64() == null) {
                faults.add(pointer, "needs name, contentType and base64");
            } else {
                header(pointer + "/name", one.name());
                if (!MEDIA_TYPE.matcher(one.contentType()).matches()) {
                    faults.add(pointer + "/contentType", "is not a media type");
                }
                base64(pointer + "/base64", one.base64());
                read.add(new Content.Attachment(one.name(), one.contentType(), one.base64()));
            }
        }
        return List.copyOf(read);
    }

    private void base64(String pointer, String text) {
        try {
            Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            faults.add(pointer, "is not Base64 (RFC 4648, section 4)");
        }
    }

    private @Nullable Instant expiresAt(Instant dueAt) {
        if (request.expiresAt() == null) {
            return null;
        }
        try {
            var expiresAt = Instants.parse(request.expiresAt());
            if (!expiresAt.isAfter(dueAt)) {
                faults.add("/expiresAt", "must be after the instant at which the message is due");
            }
            if (expiresAt.isAfter(dueAt.plus(Schedule.HORIZON))) {
                faults.add("/expiresAt", "is too far ahead");
            }
            return expiresAt;
        } catch (DateTimeException malformed) {
            faults.add("/expiresAt", "is not an instant of RFC 3339, such as 2026-11-27T06:00:00Z");
            return null;
        }
    }

    private void orderingKey() {
        var key = request.orderingKey();
        if (key != null
                && (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl))) {
            faults.add("/orderingKey", "takes 1 to " + LONGEST_KEY + " characters, not blank");
        }
    }

    private Map<String, String> metadata() {
        var metadata = request.metadata() == null ? Map.<String, String>of() : request.metadata();
        if (metadata.size() > 50) {
            faults.add("/metadata", "takes up to 50 entries");
        }
        metadata.forEach((name, value) -> {
            if (value == null || name.length() > 100 || value.length() > 1000) {
                faults.add("/metadata", "takes names up to 100 and values up to 1000 characters");
            }
        });
        return metadata;
    }
}
