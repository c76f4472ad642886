package dev.carillon.manifests;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings that a service reads: those of its properties files and of the expressions in them, those of its {@code @ConfigMapping}s and those of its
 * {@code @ConfigProperty}s, its own and the kit's. Besides these, every client of Kafka takes Kafka's own.
 */
final class KnownSettings {
    /** Of Quarkus, and in no file of ours. */
    private static final Set<String> OF_QUARKUS =
            Set.of("quarkus.http.host", "quarkus.init-and-exit", "quarkus.profile");

    /** Their variables: {@code ssl.truststore.location} is {@code KAFKA_SSL_TRUSTSTORE_LOCATION}. */
    private static final Set<String> OF_KAFKA = Stream.of(ConsumerConfig.configNames(), ProducerConfig.configNames())
            .flatMap(Set::stream)
            .map(name -> variable("kafka." + name))
            .collect(Collectors.toUnmodifiableSet());

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([a-z][^:}]*)");
    private static final String MAPPING = "Lio/smallrye/config/ConfigMapping;";
    private static final String PROPERTY = "Lorg/eclipse/microprofile/config/inject/ConfigProperty;";
    private static final String KIT = "service-kit/runtime";

    private final Map<String, Optional<String>> defaults = new HashMap<>();

    private KnownSettings() {}

    static KnownSettings of(String module) {
        var settings = new KnownSettings();
        OF_QUARKUS.forEach(name -> settings.defaults.put(name, Optional.empty()));
        List<Path> modules = List.of(Repository.ROOT.resolve(KIT), Repository.ROOT.resolve(module));
        try (var loader = new URLClassLoader(
                modules.stream().map(KnownSettings::classes).toArray(URL[]::new),
                KnownSettings.class.getClassLoader())) {
            for (Path one : modules) {
                settings.addProperties(one.resolve("src/main/resources"));
                settings.addClasses(one.resolve("target/classes"), loader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }

    boolean has(String variable) {
        return OF_KAFKA.contains(variable)
                || defaults.keySet().stream().map(KnownSettings::variable).anyMatch(variable::equals);
    }

    /** What a setting is if nobody says otherwise. */
    Optional<String> defaultOf(String name) {
        return defaults.getOrDefault(name, Optional.empty());
    }

    Set<String> names() {
        return Set.copyOf(defaults.keySet());
    }

    /** The name of its environment variable. */
    static String variable(String name) {
        return name.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private void addProperties(Path folder) throws IOException {
        for (String file : List.of("application.properties", "META-INF/microprofile-config.properties")) {
            Path path = folder.resolve(file);
            if (Files.exists(path)) {
                var properties = new Properties();
                String text = Files.readString(path);
                properties.load(new StringReader(text));
                properties.forEach((name, value) -> defaults.put(name.toString(), Optional.of(value.toString())));
                EXPRESSION
                        .matcher(text)
                        .results()
                        .forEach(found -> defaults.putIfAbsent(found.group(1), Optional.empty()));
            }
        }
    }

    private void addClasses(Path folder, ClassLoader loader) throws IOException {
        for (Path file : Repository.filesUnder(folder, path -> path.toString().endsWith(".class"))) {
            ClassModel model = ClassFile.of().parse(file);
            if (annotations(model).anyMatch(one -> one.className().equalsString(MAPPING))) {
                addMapping(model.thisClass().asInternalName().replace('/', '.'), loader);
            }
            injections(model)
                    .filter(one -> one.className().equalsString(PROPERTY))
                    .flatMap(one -> one.elements().stream())
                    .filter(element -> element.name().equalsString("name"))
                    .map(AnnotationElement::value)
                    .map(AnnotationValue.OfString.class::cast)
                    .forEach(name -> defaults.putIfAbsent(name.stringValue(), Optional.empty()));
        }
    }

    private void addMapping(String name, ClassLoader loader) {
        try {
            ConfigMappings.getProperties(ConfigClass.configClass(Class.forName(name, false, loader)))
                    .forEach((property, value) -> defaults.putIfAbsent(
                            property,
                            value.hasDefaultValue() ? Optional.of(value.getDefaultValue()) : Optional.empty()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Annotation> annotations(ClassModel model) {
        return model.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(found -> found.annotations().stream());
    }

    private static Stream<Annotation> injections(ClassModel model) {
        var found = new ArrayList<Annotation>();
        model.fields().forEach(field -> field.findAttribute(Attributes.runtimeVisibleAnnotations())
                .ifPresent(one -> found.addAll(one.annotations())));
        model.methods().forEach(method -> method.findAttribute(Attributes.runtimeVisibleParameterAnnotations())
                .ifPresent(one -> one.parameterAnnotations().forEach(found::addAll)));
        return found.stream();
    }

    private static URL classes(Path module) {
        try {
            return module.resolve("target/classes").toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Variables that nobody reads. */
    List<String> unknown(Collection<String> variables) {
        return variables.stream().filter(one -> !has(one)).sorted().collect(Collectors.toList());
    }
}
