package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.http.Addresses;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.AttachmentRequest;
import dev.carillon.scheduler.message.http.ScheduleMessageRequest.ContentRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code content}, which must be that of the recipient's channel. */
final class ContentReading {
    private static final int LONGEST_SUBJECT = 998; // RFC 5322, section 2.1.1
    static final int DEEPEST_JSON = 64;
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[\\w.+-]{1,127}/[\\w.+-]{1,127}(; ?[\\w.+-]+=[\\w.+-]+)*");

    private final TenantsOwn own;
    private final Faults faults;

    ContentReading(TenantsOwn own, Faults faults) {
        this.own = own;
        this.faults = faults;
    }

    /** The content; null when {@code faults} has got what is wrong, or when nobody knows to whom it goes. */
    @Nullable Content read(@Nullable ContentRequest content, @Nullable Recipient to) {
        if (content == null) {
            faults.add("/content", "is required");
            return null;
        }
        if (to != null && content.template() != null) {
            return templated(content, content.template(), to);
        }
        if (content.data() != null && content.template() == null) {
            faults.add("/content/data", "belongs to a template");
            return null;
        }
        return switch (to) {
            case null -> null;
            case Recipient.Webhook ignored -> json(content);
            case Recipient.Endpoint ignored -> json(content);
            case Recipient.Email ignored -> text(content, true);
            case Recipient.Telegram ignored -> text(content, false);
        };
    }

    private @Nullable Content json(ContentRequest content) {
        markdown(content, false);
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

    static boolean isDeeperThan(int levels, JsonNode node) {
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
        if (!anyGiven(content.text(), content.html(), email ? null : content.markdown())) {
            faults.add("/content", email ? "needs text or html" : "needs text, html or markdown");
        }
        markdown(content, !email);
        header("/content/subject", content.subject());
        besideWords(content, email);
        return new Content.Text(
                content.subject(),
                content.text(),
                content.html(),
                content.markdown(),
                content.from(),
                content.replyTo(),
                attachments(content));
    }

    /** Of html and markdown Telegram would show one; which of them is meant is not guessed at. */
    private void markdown(ContentRequest content, boolean telegram) {
        if (content.markdown() == null) {
            return;
        }
        if (!telegram) {
            faults.add("/content/markdown", "belongs to the channel telegram");
        } else if (content.html() != null) {
            faults.add("/content/markdown", "takes no html beside it");
        }
    }

    private void besideWords(ContentRequest content, boolean email) {
        if (email) {
            sender("/content/from", content.from());
            sender("/content/replyTo", content.replyTo());
        } else if (anyGiven(content.subject(), content.from(), content.replyTo(), given(content.attachments()))) {
            faults.add("/content", "of a Telegram message is text, html or markdown");
        }
    }

    private @Nullable Content templated(ContentRequest content, String named, Recipient to) {
        if (to instanceof Recipient.Webhook || to instanceof Recipient.Endpoint) {
            faults.add("/content/template", "makes words for people; the content of a webhook is {\"json\": {…}}");
            return null;
        }
        if (anyGiven(content.subject(), content.text(), content.html(), content.markdown(), content.json())) {
            faults.add(
                    "/content",
                    "has its words from the template, and takes no subject, text, html, markdown or json beside it");
        }
        besideWords(content, to instanceof Recipient.Email);
        var attachments = attachments(content);
        var words = new TemplatedReading(own, faults).read(named, content.data(), to);
        return words == null ? null : words.with(content.from(), content.replyTo(), attachments);
    }

    /** A list of nothing is none: that is how a message without attachments shows itself. */
    private static @Nullable List<AttachmentRequest> given(@Nullable List<AttachmentRequest> attachments) {
        return attachments == null || attachments.isEmpty() ? null : attachments;
    }

    private void header(String pointer, @Nullable String value) {
        if (value == null) {
            return;
        }
        if (value.length() > LONGEST_SUBJECT || value.chars().anyMatch(Character::isISOControl)) {
            faults.add(pointer, "takes up to " + LONGEST_SUBJECT + " characters and no line breaks");
        }
    }

    private void sender(String pointer, @Nullable String mailbox) {
        if (mailbox == null) {
            return;
        }
        var address = Addresses.ofMailbox(mailbox);
        if (address.isPresent()) {
            own.senders().admit(pointer, address.get());
        } else {
            faults.add(pointer, "is neither an e-mail address nor a name with one, as in Ana <ana@example.org>");
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
}
