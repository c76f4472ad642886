package dev.carillon.manifests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/reference/settings.md}: every setting, by the services that read it, from what the code says of it. */
final class SettingsReference {
    static final Path FILE = Repository.ROOT.resolve("docs/reference/settings.md");

    /** By which services know which variables are no settings: see the kit's {@code UnreadVariables}. */
    static final Path VARIABLES =
            Repository.ROOT.resolve("service-kit/runtime/src/main/resources/dev/carillon/kit/settings/variables.txt");

    private static final String KIT = "service-kit/runtime";
    private static final List<String> SERVICES =
            Repository.MODULES.stream().map(SettingsInUse::service).toList();

    private static final Map<String, String> SEE = Map.of(
            "carillon.limits", "[limits](../operating/limits.md)",
            "carillon.body", "[what is being sent](../operating/limits.md#what-is-being-sent)",
            "carillon.inbox", "[dead letters of consumers](../operating/dead-letters-of-consumers.md)",
            "carillon.containment", "[when a provider fails](../operating/containment.md)",
            "carillon.endpoints", "[webhook endpoints](../endpoints.md)",
            "carillon.secrets", "[webhook endpoints](../endpoints.md)",
            "carillon.webhook", "[webhooks to a URL](../endpoints.md#webhooks-to-a-url)",
            "carillon.telegram", "[the Telegram bot](../telegram-bot.md)",
            "carillon.scheduler", "[personal data](../privacy.md)");

    private static final String BEGINNING = """
            # Settings

            From the code, by `make reference`: what is to be said otherwise here is said there.

            A setting is given as an environment variable, or as a property (`-Dcarillon.timer.held=10000`). A word in `<…>` stands for a name. In a variable it is in upper
            case, for a name of lower-case letters and digits; for any other there is the property, with the name in quotes:
            `carillon.limits.tenants."some-tenant".tenant.rate`. Every service prints its settings at start, secrets only as `(set)`,
            and warns of each variable that begins like these and is no setting of any service.

            Durations are as ISO 8601 has them (`PT0.5S`, `P30D`), or short (`500ms`, `30s`). Sizes are bytes, or have a `K`, `M` or `G` behind. Lists have commas between.
            """;

    /** Settings that the same services read; without a prefix those of properties files. */
    private record Section(List<String> readers, String prefix, String about, List<Setting> settings) {}

    private final Map<String, PropertySettings> files = new LinkedHashMap<>();
    private final List<Section> sections = new ArrayList<>();

    private SettingsReference() {
        Repository.MODULES.forEach(module -> files.put(SettingsInUse.service(module), PropertySettings.of(module)));
        add(KIT, PropertySettings.of(KIT), SERVICES);
        Repository.MODULES.forEach(module -> {
            String service = SettingsInUse.service(module);
            add(module, file(service), List.of(service));
        });
    }

    static SettingsReference read() {
        return new SettingsReference();
    }

    private PropertySettings file(String service) {
        return Objects.requireNonNull(files.get(service), service);
    }

    private void add(String module, PropertySettings file, List<String> readers) {
        List<String> withDatabase =
                readers.stream().filter(reader -> hasDatabase(file(reader))).toList();
        add(new Section(readers, "", "", file.settings()));
        add(new Section(withDatabase, "", "", file.ofDatabase()));
        Repository.filesUnder(Repository.ROOT.resolve(module).resolve("src/main/java"), SettingsReference::isJava)
                .stream()
                .map(Repository::read)
                .filter(source -> source.contains("@ConfigMapping("))
                .map(MappedSettings::of)
                .map(mapping -> new Section(
                        readers.stream()
                                .filter(reader -> !excludes(file(reader), mapping.packageName()))
                                .toList(),
                        mapping.prefix(),
                        mapping.about(),
                        mapping.settings()))
                .forEach(this::add);
    }

    private void add(Section section) {
        if (!section.settings().isEmpty()) {
            sections.add(section);
        }
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    private static boolean hasDatabase(PropertySettings file) {
        return !file.value("quarkus.datasource.jdbc").equals("false");
    }

    /** Whether the service goes without this package of the kit. */
    private static boolean excludes(PropertySettings file, String packageName) {
        return Arrays.asList(file.value("quarkus.arc.exclude-types").split("\\s*,\\s*", -1))
                .contains(packageName + ".*");
    }

    /** All settings, without the names of groups. */
    Stream<Setting> settings() {
        return SERVICES.stream().flatMap(this::settingsOf).distinct();
    }

    /** Those that the service reads. */
    Stream<Setting> settingsOf(String service) {
        return sections.stream()
                .filter(section -> section.readers().contains(service))
                .flatMap(section -> section.settings().stream())
                .filter(setting -> !setting.isGroup());
    }

    /** Carillon's own as environment variables, a line each. */
    String variables() {
        return settings()
                .filter(setting -> setting.name().startsWith("carillon."))
                .map(Setting::variable)
                .distinct()
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    String text() {
        var text = new StringBuilder(BEGINNING);
        sections.stream()
                .collect(Collectors.groupingBy(Section::readers, LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .sorted(Comparator.comparingInt(one -> -one.getKey().size()))
                .forEach(one -> {
                    text.append("\n## ").append(heading(one.getKey())).append("\n");
                    one.getValue().forEach(section -> text.append(text(section)));
                });
        return text.toString();
    }

    private static String heading(List<String> readers) {
        if (readers.size() == SERVICES.size()) {
            return "All services";
        }
        String all = String.join(", ", readers);
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
    }

    private String text(Section section) {
        var text = new StringBuilder();
        if (!section.prefix().isEmpty()) {
            String see = SEE.containsKey(section.prefix()) ? " See " + SEE.get(section.prefix()) + "." : "";
            text.append("\n### `%s`\n\n%s%s\n".formatted(section.prefix(), section.about(), see));
        }
        text.append("\n| variable, property | type | default | what |\n|---|---|---|---|\n");
        section.settings().forEach(setting -> text.append(row(section, setting)));
        return text.toString();
    }

    private String row(Section section, Setting setting) {
        String what = setting.what().replace("|", "\\|");
        if (setting.isGroup()) {
            return "| **`%s.…`** | | | %s |\n".formatted(setting.name(), what);
        }
        // A path has no name as a variable.
        String variable = setting.name().contains("<path>") ? "" : "`" + setting.variable() + "`<br>";
        return "| %s`%s` | %s | %s | %s |\n"
                .formatted(variable, setting.name(), setting.type(), fallback(section, setting), what);
    }

    /** With what the services' own files say otherwise. */
    private String fallback(Section section, Setting setting) {
        String own = file(section.readers().getFirst()).value(setting.name());
        if (section.readers().size() == 1 && !own.isEmpty()) {
            return Setting.shown(own);
        }
        var cell = new StringJoiner("; ").add(setting.fallback());
        section.readers().forEach(reader -> file(reader).ours().forEach((property, value) -> {
            Matcher found = setting.properties().matcher(property);
            if (found.matches()) {
                String whose = found.groupCount() == 0 ? reader : found.group(1);
                String shown = Setting.shown(value);
                if (!value.isEmpty() && !value.equals(whose) && !shown.equals(setting.fallback())) {
                    cell.add(shown + " for `" + whose + "`");
                }
            }
        }));
        return cell.toString();
    }
}
