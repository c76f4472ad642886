package dev.carillon.scheduler.message;

import dev.carillon.scheduler.message.Content.OfTemplate;
import dev.carillon.scheduler.message.Content.Text;
import dev.carillon.scheduler.template.Datum;
import dev.carillon.scheduler.template.Filling;
import dev.carillon.scheduler.template.Template;

/** Makes contents of templates. */
public final class TemplateContents {
    private TemplateContents() {}

    /** What a template and its data come to for a recipient's channel. */
    public static Filling fill(Template template, Recipient to, Datum.Fields data) {
        return switch (to) {
            case Recipient.Email _ -> template.texts().forEmail().filledWith(data);
            case Recipient.Telegram _ -> template.texts().forTelegram().filledWith(data);
            case Recipient.Webhook _ -> throw new IllegalArgumentException("A webhook takes no template");
            case Recipient.Endpoint _ -> throw new IllegalArgumentException("A webhook takes no template");
        };
    }

    /** What was made of one version, made of another; what stands beside the words stays. */
    public static OfTemplate anew(OfTemplate before, Template template, Filling.Filled filled) {
        var text = before.text();
        return new OfTemplate(
                new Text(
                        filled.subject(),
                        filled.text(),
                        filled.html(),
                        filled.markdown(),
                        text.from(),
                        text.replyTo(),
                        text.attachments()),
                before.template(),
                template.version(),
                before.latest(),
                before.data());
    }
}
