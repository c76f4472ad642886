package dev.carillon.local.part;

import dev.carillon.local.ServiceName;
import dev.carillon.local.state.AdminToken;
import dev.carillon.local.state.Credentials;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings that a service finds in its environment: names shared with the Kubernetes manifests. */
final class ServiceEnvironment {

    /** Whom mail comes from, and whom calendar files name. */
    private static final String SENDER = "carillon@localhost.localdomain";

    private static final String RELAY = "CARILLON_SMTP_HOST";

    private final Stack stack;

    ServiceEnvironment(Stack stack) {
        this.stack = stack;
    }

    Map<String, String> of(ServiceName service, int port) {
        var environment = shared(port);
        if (service.hasDatabase()) {
            environment.putAll(database(service.label()));
        }
        switch (service) {
            case DELIVERY -> {
                environment.putAll(mail());
                environment.putAll(providers());
            }
            case OUTBOX_RELAY -> environment.putAll(new RelaySources(stack).environment());
            case BOOKING -> {
                environment.put("CARILLON_BOOKING_ORGANIZER", SENDER);
                environment.putAll(bot());
            }
            case SCHEDULER -> {}
        }
        return environment;
    }

    private Map<String, String> shared(int port) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        // Who wants to reach the stack from elsewhere says so; by default it is this machine's own.
        environment.put("QUARKUS_HTTP_HOST", System.getenv().getOrDefault("QUARKUS_HTTP_HOST", Stack.HOST));
        environment.put("QUARKUS_PROFILE", "prod");
        environment.put(
                "KAFKA_BOOTSTRAP_SERVERS", Stack.HOST + ":" + stack.ports().kafka());
        environment.put(
                "CARILLON_JWT_PUBLIC_KEY_LOCATION", stack.keys().publicKeyFile().toString());
        environment.put("CARILLON_JWT_ISSUER", AdminToken.ISSUER);
        environment.put("CARILLON_OPERATORS_TENANT", stack.credentials().get(Credentials.TENANT));
        environment.put("CARILLON_OTLP_ENDPOINT", stack.options().otlpEndpoint().orElse(providersUrl()));
        environment.put("CARILLON_SWAGGER_UI", "true");
        return environment;
    }

    private Map<String, String> database(String name) {
        return Map.of(
                "CARILLON_DATABASE_HOST",
                Stack.HOST,
                "CARILLON_DATABASE_PORT",
                Integer.toString(stack.ports().postgres()),
                "CARILLON_DATABASE_NAME",
                name,
                "CARILLON_DATABASE_USER",
                name,
                "CARILLON_DATABASE_PASSWORD",
                stack.credentials().databasePassword(name));
    }

    /** Mail goes to the local inbox, unless somebody names a relay: what else delivery is to know of that one is theirs to say as well. */
    private Map<String, String> mail() {
        Map<String, String> given = System.getenv();
        if (given.containsKey(RELAY)) {
            return Map.of("CARILLON_SMTP_FROM", given.getOrDefault("CARILLON_SMTP_FROM", SENDER));
        }
        return Map.of(
                RELAY,
                Stack.HOST,
                "CARILLON_SMTP_PORT",
                Integer.toString(stack.ports().smtp()),
                "CARILLON_SMTP_FROM",
                SENDER);
    }

    private Map<String, String> providers() {
        return Map.of(
                "CARILLON_TELEGRAM_BASE_URL", providersUrl(),
                "CARILLON_TELEGRAM_TOKEN", stack.credentials().get(Credentials.TELEGRAM_TOKEN),
                "CARILLON_WEBHOOK_SECRET", stack.credentials().get(Credentials.WEBHOOK_INSTALLATION_SECRET),
                "CARILLON_WEBHOOK_ALLOWED_CIDRS", "127.0.0.0/8,::1/128",
                "CARILLON_SECRETS_KEY", stack.credentials().get(Credentials.SECRETS_KEY));
    }

    /** The tenant's bot, which is delivery's too. */
    private Map<String, String> bot() {
        return Map.of(
                "CARILLON_TELEGRAM_BASE_URL", providersUrl(),
                "CARILLON_TELEGRAM_BOTS_LOCAL_TOKEN", stack.credentials().get(Credentials.TELEGRAM_TOKEN),
                "CARILLON_TELEGRAM_BOTS_LOCAL_SECRET_TOKEN", stack.credentials().get(Credentials.TELEGRAM_SECRET_TOKEN),
                "CARILLON_TELEGRAM_BOTS_LOCAL_TENANT", stack.credentials().get(Credentials.TENANT));
    }

    private String providersUrl() {
        return "http://localhost:" + stack.ports().providers();
    }
}
