package dev.carillon.delivery.channel.email;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A message as an e-mail, or why it can be none. */
sealed interface Letter {

    record Written(MailMessage mail) implements Letter {}

    record Refused(Reason reason, String why) implements Letter {}

    Pattern CONTENT_TYPE = Pattern.compile("[\\w.+-]+/[\\w.+-]+(\\s*;\\s*[\\w.+-]+=([\\w.+-]+|\"[\\w .,:/+-]*\"))*");

    /**
     * @param to the receiver's address
     * @param sender who sends it unless the message names somebody
     */
    static Letter write(Outbound outbound, String to, Mailbox sender) {
        if (!(outbound.content() instanceof Content.Message message)) {
            return new Refused(Reason.CONTENT_REFUSED, "an e-mail takes text or html, not JSON");
        }
        if (message.text() == null
                && message.html() == null
                && message.attachments().isEmpty()) {
            return new Refused(Reason.CONTENT_REFUSED, "an e-mail needs text, html or an attachment");
        }
        Optional<String> address = Mailbox.address(to);
        if (address.isEmpty()) {
            return new Refused(Reason.DESTINATION_REFUSED, "destination-refused: not an e-mail address");
        }
        Optional<Mailbox> from = message.from() == null ? Optional.of(sender) : Mailbox.parse(message.from());
        if (from.isEmpty()) {
            return new Refused(Reason.CONTENT_REFUSED, "from is not an e-mail address");
        }
        Optional<Mailbox> replyTo = message.replyTo() == null ? from : Mailbox.parse(message.replyTo());
        if (replyTo.isEmpty()) {
            return new Refused(Reason.CONTENT_REFUSED, "replyTo is not an e-mail address");
        }
        return new Written(mail(outbound, message, address.get(), from.get(), replyTo.get()));
    }

    /** The same for every attempt at one staging, so that a relay or a mailbox can tell a repetition. */
    static String messageId(Outbound outbound) {
        return "<" + outbound.messageId() + "." + outbound.generation() + "@carillon>";
    }

    private static MailMessage mail(
            Outbound outbound, Content.Message message, String to, Mailbox from, Mailbox replyTo) {
        MailMessage mail = new MailMessage()
                .setFrom(from.address())
                .setTo(to)
                // Headers given here replace the ones that the client would write.
                .addHeader("From", from.header())
                .addHeader("Subject", HeaderText.unstructured(message.subject() == null ? "" : message.subject()))
                .addHeader("Message-ID", messageId(outbound))
                // RFC 3834: nobody's holiday notice should answer this.
                .addHeader("Auto-Submitted", "auto-generated");
        if (!replyTo.equals(from)) {
            mail.addHeader("Reply-To", replyTo.header());
        }
        if (message.text() != null) {
            mail.setText(lines(message.text()));
        }
        if (message.html() != null) {
            mail.setHtml(lines(message.html()));
        }
        mail.setAttachment(message.attachments().stream().map(Letter::file).toList());
        return mail;
    }

    // Name and type are written here: the client would put a quotation mark in a name through as it is.
    private static MailAttachment file(Content.Attachment attachment) {
        String type = contentType(attachment.contentType());
        return MailAttachment.create()
                .setContentType(type + ";\r\n " + HeaderText.parameter("name", attachment.name()))
                .setDisposition("attachment;\r\n " + HeaderText.parameter("filename", attachment.name()))
                .setData(Buffer.buffer(attachment.bytes()));
    }

    private static String contentType(@Nullable String given) {
        return given != null && CONTENT_TYPE.matcher(given).matches() ? given : "application/octet-stream";
    }

    /** Line ends as the client wants them: it would encode a CR as a character of its own. */
    private static String lines(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }
}
