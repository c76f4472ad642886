package dev.carillon.local.state;

import dev.carillon.local.StackFailure;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code credentials.env}: every secret of this stack, made on its first start, as lines that a shell can source. Values hold only
 * characters that a shell leaves alone.
 */
public final class Credentials {

    public static final String TENANT = "CARILLON_TENANT";
    public static final String ADMIN_TOKEN = "CARILLON_ADMIN_TOKEN";
    public static final String API_KEY = "CARILLON_API_KEY";
    public static final String POSTGRES_PASSWORD = "CARILLON_POSTGRES_PASSWORD";
    public static final String RELAY_PASSWORD = "CARILLON_RELAY_DATABASE_PASSWORD";
    /** For delivery alone. */
    public static final String WEBHOOK_INSTALLATION_SECRET = "CARILLON_WEBHOOK_INSTALLATION_SECRET";
    /** The tenant's, derived from the installation's: verifies webhooks. */
    public static final String WEBHOOK_SECRET = "CARILLON_WEBHOOK_SECRET";

    public static final String TELEGRAM_TOKEN = "CARILLON_TELEGRAM_TOKEN";
    public static final String TELEGRAM_SECRET_TOKEN = "CARILLON_TELEGRAM_SECRET_TOKEN";
    public static final String SECRETS_KEY = "CARILLON_SECRETS_KEY";

    private static final String FILE = "credentials.env";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final StateFolder folder;
    private final Map<String, String> values;

    private Credentials(StateFolder folder, Map<String, String> values) {
        this.folder = folder;
        this.values = values;
    }

    /**
     * Reads them, and makes those that are missing.
     *
     * @throws StackFailure when data is there whose passwords are lost
     */
    public static Credentials in(StateFolder folder) {
        var values = new LinkedHashMap<String, String>();
        for (String line : folder.lines(FILE)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (!values.containsKey(POSTGRES_PASSWORD) && Files.exists(folder.file("postgres"))) {
            throw new StackFailure(folder.file(FILE) + " is missing, but there is data in " + folder.file("postgres")
                    + " that cannot be opened without it. `make reset` forgets both.");
        }
        var credentials = new Credentials(folder, values);
        credentials.makeMissing();
        return credentials;
    }

    /** Writes nothing where nothing is missing: others may be reading. */
    private void makeMissing() {
        var found = Map.copyOf(values);
        values.putIfAbsent(TENANT, "local");
        values.computeIfAbsent(POSTGRES_PASSWORD, name -> password());
        values.computeIfAbsent(RELAY_PASSWORD, name -> password());
        for (String database : new String[] {"scheduler", "delivery", "booking"}) {
            values.computeIfAbsent(databasePasswordName(database), name -> password());
        }
        values.computeIfAbsent(
                WEBHOOK_INSTALLATION_SECRET,
                name -> "whsec_" + Base64.getEncoder().encodeToString(random(32)));
        values.put(WEBHOOK_SECRET, TenantSecret.of(get(WEBHOOK_INSTALLATION_SECRET), get(TENANT)));
        values.computeIfAbsent(
                TELEGRAM_TOKEN, name -> (100_000_000 + RANDOM.nextInt(900_000_000)) + ":" + urlSafe(random(26)));
        values.computeIfAbsent(TELEGRAM_SECRET_TOKEN, name -> urlSafe(random(32)));
        values.computeIfAbsent(SECRETS_KEY, name -> Base64.getEncoder().encodeToString(random(32)));
        if (!values.equals(found)) {
            save();
        }
    }

    public String get(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException(name + " is not among the credentials"));
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String databasePassword(String database) {
        return get(databasePasswordName(database));
    }

    public void put(String name, String value) {
        if (!value.equals(values.put(name, value))) {
            save();
        }
    }

    private void save() {
        folder.write(
                FILE,
                values.entrySet().stream()
                        .map(value -> value.getKey() + "=" + value.getValue())
                        .toList());
    }

    private static String databasePasswordName(String database) {
        return "CARILLON_" + database.toUpperCase(Locale.ROOT) + "_DATABASE_PASSWORD";
    }

    private static String password() {
        return urlSafe(random(24));
    }

    private static String urlSafe(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
