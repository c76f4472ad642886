package dev.carillon.manifests;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of a module's properties file that are described: by the lines right above them that begin with {@code ##}. What is described there is the
 * property, or, unless it is one of Carillon's, the settings that it takes its value from.
 */
final class PropertySettings {
    private static final Pattern LINE = Pattern.compile("([^#=]+)=.*");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(carillon\\.[a-z.-]+)(?::([^}]*))?}");
    private static final Pattern OF_DATABASE =
            Pattern.compile("(carillon\\.database|quarkus\\.datasource|quarkus\\.flyway)\\..*");

    private final Properties properties = new Properties();
    private final List<Setting> settings = new ArrayList<>();
    private final List<Setting> ofDatabase = new ArrayList<>();

    private PropertySettings(String text) {
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var what = new StringJoiner(" ");
        for (String line : text.lines().toList()) {
            Matcher property = LINE.matcher(line);
            if (line.startsWith("##")) {
                what.add(line.substring(2).strip());
            } else {
                if (property.matches() && what.length() > 0) {
                    add(property.group(1).strip(), what.toString());
                }
                what = new StringJoiner(" ");
            }
        }
    }

    static PropertySettings of(String module) {
        Path resources = Repository.ROOT.resolve(module).resolve("src/main/resources");
        return Stream.of("application.properties", "META-INF/microprofile-config.properties")
                .map(resources::resolve)
                .filter(Files::exists)
                .map(file -> new PropertySettings(Repository.read(file)))
                .findFirst()
                .orElseThrow();
    }

    List<Setting> settings() {
        return List.copyOf(settings);
    }

    /** Those that only services with a database read. */
    List<Setting> ofDatabase() {
        return List.copyOf(ofDatabase);
    }

    String value(String property) {
        return properties.getProperty(property, "");
    }

    /** What it says of Carillon's own settings. */
    Map<String, String> ours() {
        var ours = new TreeMap<String, String>();
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith("carillon."))
                .forEach(name -> ours.put(name, value(name)));
        return ours;
    }

    private void add(String property, String what) {
        List<Setting> place = OF_DATABASE.matcher(property).matches() ? ofDatabase : settings;
        List<MatchResult> sources =
                EXPRESSION.matcher(value(property)).results().toList();
        if (property.startsWith("carillon.") || sources.isEmpty()) {
            place.add(setting(property, value(property), what));
        } else {
            sources.forEach(one -> place.add(setting(one.group(1), one.group(2) == null ? "" : one.group(2), what)));
        }
    }

    private static Setting setting(String name, String value, String what) {
        return new Setting(name, name.endsWith("password") ? "secret" : type(value), Setting.shown(value), what);
    }

    private static String type(String value) {
        if (value.matches("\\d+")) {
            return "whole number";
        }
        if (value.matches("true|false")) {
            return "`true` or `false`";
        }
        return value.matches("PT?\\d.*") ? "duration" : "text";
    }
}
