package dev.carillon.system.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.stack.Carillon;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.List;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.component.CalendarComponent;

/** A calendar file (RFC 5545), as a parser that others wrote reads it. */
public record Invitation(Calendar calendar) {

    /** The one that is attached, and nothing else is. */
    static Invitation attachedTo(JsonObject mail) {
        List<JsonObject> attachments = Carillon.objects(mail.getJsonArray("attachments"));
        assertThat(attachments).hasSize(1);
        JsonObject attachment = attachments.getFirst();
        assertThat(attachment.getString("name")).isEqualTo("invite.ics");
        assertThat(attachment.getString("contentType")).isEqualTo("text/calendar");
        return parse(new String(Base64.getDecoder().decode(attachment.getString("base64")), UTF_8));
    }

    private static Invitation parse(String text) {
        try {
            var calendar = new CalendarBuilder().build(new StringReader(text));
            calendar.validate();
            return new Invitation(calendar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserException e) {
            throw new AssertionError("not a calendar:\n" + text, e);
        }
    }

    /** What its receiver is to do with it (RFC 5546). */
    public String method() {
        return calendar.getRequiredProperty("METHOD").getValue();
    }

    public String uid() {
        return event().getRequiredProperty("UID").getValue();
    }

    public int sequence() {
        return Integer.parseInt(event().getRequiredProperty("SEQUENCE").getValue());
    }

    public Instant startAt() {
        Temporal start = event().<net.fortuna.ical4j.model.property.DtStart<?>>getRequiredProperty("DTSTART")
                .getDate();
        return Instant.from(start);
    }

    private CalendarComponent event() {
        return calendar.<CalendarComponent>getComponents(Component.VEVENT).getFirst();
    }
}
