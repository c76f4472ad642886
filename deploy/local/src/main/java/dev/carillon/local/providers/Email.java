package dev.carillon.local.providers;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Address;
import jakarta.mail.Header;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Takes an e-mail apart into what its reader would see. One that cannot be parsed is kept as it came, with the reason. */
final class Email {

    private final JsonArray attachments = new JsonArray();
    private @Nullable String text;
    private @Nullable String html;

    private Email() {}

    static JsonObject parse(String envelopeFrom, List<String> envelopeTo, byte[] raw) {
        var json = new JsonObject()
                .put("envelope", new JsonObject().put("from", envelopeFrom).put("to", new JsonArray(envelopeTo)));
        try {
            var message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(raw));
            var email = new Email();
            email.read(message);
            json.put("subject", message.getSubject())
                    .put("from", first(addresses(message.getFrom())))
                    .put("to", addresses(message.getRecipients(Message.RecipientType.TO)))
                    .put("cc", addresses(message.getRecipients(Message.RecipientType.CC)))
                    .put("replyTo", addresses(message.getHeader("Reply-To") == null ? null : message.getReplyTo()))
                    .put("messageId", message.getMessageID())
                    .put("text", email.text)
                    .put("html", email.html)
                    .put("attachments", email.attachments)
                    .put("headers", headers(message));
        } catch (MessagingException | IOException | RuntimeException e) {
            json.put("unreadable", String.valueOf(e.getMessage()));
        }
        return json.put("body", new String(raw, StandardCharsets.UTF_8));
    }

    private void read(Part part) throws MessagingException, IOException {
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                read(parts.getBodyPart(i));
            }
            return;
        }
        boolean attached = Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || part.getFileName() != null;
        if (!attached && text == null && part.isMimeType("text/plain")) {
            text = textOf(part);
        } else if (!attached && html == null && part.isMimeType("text/html")) {
            html = textOf(part);
        } else {
            attachments.add(attachment(part));
        }
    }

    private static String textOf(Part part) throws MessagingException, IOException {
        return part.getContent() instanceof String content
                ? content
                : new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static JsonObject attachment(Part part) throws MessagingException, IOException {
        byte[] content = part.getInputStream().readAllBytes();
        return new JsonObject()
                .put("name", decoded(part.getFileName()))
                .put(
                        "contentType",
                        part.getContentType().split(";", -1)[0].strip().toLowerCase(Locale.ROOT))
                .put("size", content.length)
                .put("base64", Base64.getEncoder().encodeToString(content));
    }

    private static @Nullable String first(JsonArray addresses) {
        return addresses.isEmpty() ? null : addresses.getString(0);
    }

    private static JsonArray addresses(Address @Nullable [] addresses) {
        var list = new JsonArray();
        if (addresses != null) {
            for (Address address : addresses) {
                list.add(decoded(address.toString()));
            }
        }
        return list;
    }

    private static JsonObject headers(MimeMessage message) throws MessagingException {
        var json = new JsonObject();
        for (Header header : Collections.list(message.getAllHeaders())) {
            String value = decoded(header.getValue());
            json.put(
                    header.getName(),
                    json.containsKey(header.getName()) ? json.getString(header.getName()) + ", " + value : value);
        }
        return json;
    }

    private static @Nullable String decoded(@Nullable String encoded) {
        if (encoded == null) {
            return null;
        }
        try {
            return MimeUtility.decodeText(MimeUtility.unfold(encoded));
        } catch (UnsupportedEncodingException e) {
            return encoded;
        }
    }
}
