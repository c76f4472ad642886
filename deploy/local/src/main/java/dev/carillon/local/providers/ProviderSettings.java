package dev.carillon.local.providers;

import java.nio.file.Path;
import java.util.Map;

/** What the launcher gives the providers, in environment variables because two of them are secrets. */
public record ProviderSettings(int httpPort, int smtpPort, Path folder, String webhookSecret, String telegramToken) {

    private static final String HTTP_PORT = "CARILLON_PROVIDERS_HTTP_PORT";
    private static final String SMTP_PORT = "CARILLON_PROVIDERS_SMTP_PORT";
    private static final String FOLDER = "CARILLON_STATE_DIR";
    private static final String WEBHOOK_SECRET = "CARILLON_WEBHOOK_SECRET";
    private static final String TELEGRAM_TOKEN = "CARILLON_TELEGRAM_TOKEN";

    public static ProviderSettings from(Map<String, String> environment) {
        return new ProviderSettings(
                Integer.parseInt(given(environment, HTTP_PORT)),
                Integer.parseInt(given(environment, SMTP_PORT)),
                Path.of(given(environment, FOLDER)),
                given(environment, WEBHOOK_SECRET),
                given(environment, TELEGRAM_TOKEN));
    }

    public Map<String, String> asEnvironment() {
        return Map.of(
                HTTP_PORT, Integer.toString(httpPort),
                SMTP_PORT, Integer.toString(smtpPort),
                FOLDER, folder.toString(),
                WEBHOOK_SECRET, webhookSecret,
                TELEGRAM_TOKEN, telegramToken);
    }

    /** Without its secrets. */
    @Override
    public String toString() {
        return "HTTP " + httpPort + ", SMTP " + smtpPort + ", folder " + folder;
    }

    private static String given(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }
}
