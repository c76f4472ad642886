package dev.carillon.local.providers;

import dev.carillon.local.providers.trace.Traces;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/** All local providers in one process. */
public final class Providers implements AutoCloseable {

    private final Vertx vertx;
    private final HttpProviders http;
    private final SmtpProvider smtp;

    private Providers(Vertx vertx, HttpProviders http, SmtpProvider smtp) {
        this.vertx = vertx;
        this.http = http;
        this.smtp = smtp;
    }

    public static void main(String[] arguments) throws IOException {
        var settings = ProviderSettings.from(System.getenv());
        Providers providers = start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(providers::close, "stop-providers"));
        System.out.println("Local providers listen: " + settings);
    }

    /** Listens when it answers; port 0 takes any free one. */
    public static Providers start(ProviderSettings settings) throws IOException {
        Files.createDirectories(settings.folder());
        var inbox = new Inbox();
        var faults = new Faults(
                InstantSource.system(), () -> ThreadLocalRandom.current().nextDouble());
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2));
        var smtp = new SmtpProvider(settings.smtpPort(), inbox, faults);
        smtp.start();
        var http = new HttpProviders(
                vertx,
                inbox,
                faults,
                Traces.in(settings.folder()),
                new TelegramProvider(settings.telegramToken()),
                new WebhookProvider(new WebhookSignature(settings.webhookSecret())));
        http.start(settings.httpPort());
        return new Providers(vertx, http, smtp);
    }

    public int httpPort() {
        return http.port();
    }

    public int smtpPort() {
        return smtp.port();
    }

    @Override
    public void close() {
        smtp.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
