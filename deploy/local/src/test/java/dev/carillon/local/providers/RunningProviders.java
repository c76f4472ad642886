package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.carillon.kit.testing.process.TemporaryFolder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Properties;

/** The providers with what a test sends them and asks of them. */
final class RunningProviders implements AutoCloseable {

    static final String SECRET = "whsec_"
            + Base64.getEncoder()
                    .encodeToString("a secret of 32 bytes for testing".getBytes(StandardCharsets.US_ASCII));
    static final String TOKEN = "123456:a-token";
    static final String TELEGRAM = "/bot" + TOKEN + "/sendMessage";

    private final Path folder;
    private final Providers providers;
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param folder where they keep what they are sent; it goes when they are closed */
    RunningProviders(Path folder) throws IOException {
        this.folder = folder;
        this.providers = Providers.start(new ProviderSettings(0, 0, folder, SECRET, TOKEN));
    }

    Path folder() {
        return folder;
    }

    /** As if nothing had arrived and no fault been injected. */
    void forget() throws Exception {
        assertThat(delete("/received").statusCode()).isEqualTo(204);
        assertThat(delete("/faults").statusCode()).isEqualTo(204);
    }

    void sendEmail() throws MessagingException, IOException {
        var properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.port", Integer.toString(providers.smtpPort()));
        properties.setProperty("mail.smtp.timeout", "1000");
        var message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("desk@example.org", "Práxis", "UTF-8"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("ana@example.org"));
        message.setSubject("Ihr Termin ✓", "UTF-8");
        message.setHeader("X-Visit", "1234");
        var text = new MimeBodyPart();
        text.setText("Um neun. Grüße", "UTF-8");
        var html = new MimeBodyPart();
        html.setContent("<p>Um neun.</p>", "text/html; charset=UTF-8");
        var both = new MimeBodyPart();
        both.setContent(new MimeMultipart("alternative", text, html));
        var calendar = new MimeBodyPart();
        calendar.setContent("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; charset=UTF-8");
        calendar.setFileName("visit.ics");
        message.setContent(new MimeMultipart("mixed", both, calendar));
        Transport.send(message);
    }

    HttpResponse<String> sendWebhook(String path, String body, String secret) throws Exception {
        long now = Instant.now().getEpochSecond();
        return send(request(path)
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", new Webhook(secret).sign("msg_1", now, body))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    void inject(String fault) throws Exception {
        assertThat(post("/faults", fault.replace('\'', '"')).statusCode()).isEqualTo(201);
    }

    JsonArray received(String channel) throws Exception {
        return new JsonObject(get("/received?channel=" + channel).body()).getJsonArray("items");
    }

    JsonObject only(String channel) throws Exception {
        JsonArray items = received(channel);
        assertThat(items).hasSize(1);
        return items.getJsonObject(0);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    HttpResponse<String> delete(String path) throws Exception {
        return send(request(path).DELETE());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + providers.httpPort() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(10));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        providers.close();
        TemporaryFolder.delete(folder);
    }
}
