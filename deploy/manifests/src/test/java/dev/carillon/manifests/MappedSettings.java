package dev.carillon.manifests;

import com.github.javaparser.StaticJavaParser;
import com.github.javaparser.ast.CompilationUnit;
import com.github.javaparser.ast.body.ClassOrInterfaceDeclaration;
import com.github.javaparser.ast.body.EnumDeclaration;
import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.expr.StringLiteralExpr;
import com.github.javaparser.ast.nodeTypes.NodeWithAnnotations;
import com.github.javaparser.ast.nodeTypes.NodeWithJavadoc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings of a {@code @ConfigMapping}, from its source: in its order, and described by its Javadoc. */
final class MappedSettings {
    private static final Pattern WRAPPED = Pattern.compile("(Optional|Map|List|Secret)<(?:String,\\s*)?(.+)>");
    private static final Pattern CODE = Pattern.compile("\\{@code\\s+([^}]*)}");
    private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)?\\s+(?:[\\w.]*#)?([\\w.]+)[^}]*}");
    private static final Pattern OF_THE_OPERATOR = Pattern.compile("<([a-z]+)>");
    private static final Map<String, String> TYPES = Map.of(
            "Duration", "duration",
            "MemorySize", "size",
            "int", "whole number",
            "long", "whole number",
            "Integer", "whole number",
            "double", "number",
            "boolean", "`true` or `false`",
            "URI", "URL",
            "UUID", "UUID",
            "String", "text");

    private final CompilationUnit unit;
    private final ClassOrInterfaceDeclaration mapping;
    private final String prefix;
    private final List<Setting> settings = new ArrayList<>();

    private MappedSettings(String source) {
        unit = StaticJavaParser.parse(source);
        mapping = unit.findFirst(ClassOrInterfaceDeclaration.class).orElseThrow();
        prefix = text(mapping, "ConfigMapping").orElseThrow();
        addAll(mapping, prefix);
    }

    static MappedSettings of(String source) {
        return new MappedSettings(source);
    }

    String packageName() {
        return unit.getPackageDeclaration().orElseThrow().getNameAsString();
    }

    String prefix() {
        return prefix;
    }

    String about() {
        return javadoc(mapping);
    }

    List<Setting> settings() {
        return List.copyOf(settings);
    }

    private void addAll(ClassOrInterfaceDeclaration group, String name) {
        group.getMethods().stream()
                .filter(method -> method.getBody().isEmpty())
                .forEach(method -> add(method, name + "." + hyphenated(method.getNameAsString())));
    }

    private void add(MethodDeclaration method, String path) {
        String type = method.getTypeAsString();
        String what = javadoc(method);
        String name = type.startsWith("Map<") ? path + ".<" + keyOf(what) + ">" : path;
        group(bare(type))
                .ifPresentOrElse(
                        group -> {
                            settings.add(Setting.group(name, what.isEmpty() ? javadoc(group) : what));
                            addAll(group, name);
                        },
                        () -> settings.add(new Setting(name, named(type), fallback(method, type), what)));
    }

    private Optional<ClassOrInterfaceDeclaration> group(String type) {
        return unit.findFirst(
                ClassOrInterfaceDeclaration.class, one -> one.getNameAsString().equals(type));
    }

    private static String fallback(MethodDeclaration method, String type) {
        String otherwise = type.startsWith("Optional<") || type.startsWith("Map<") ? Setting.NONE : "must be set";
        return text(method, "WithDefault").map(Setting::shown).orElse(otherwise);
    }

    private static String bare(String type) {
        Matcher wrapped = WRAPPED.matcher(type);
        return wrapped.matches() ? bare(wrapped.group(2)) : type;
    }

    private String named(String type) {
        Matcher wrapped = WRAPPED.matcher(type);
        if (!wrapped.matches()) {
            return Optional.ofNullable(TYPES.get(type)).orElseGet(() -> oneOf(type));
        }
        return switch (wrapped.group(1)) {
            case "Secret" -> "secret";
            case "List" -> "list: " + named(wrapped.group(2));
            default -> named(wrapped.group(2));
        };
    }

    private String oneOf(String type) {
        return unit
                .findFirst(EnumDeclaration.class, one -> one.getNameAsString().equals(type))
                .orElseThrow(() -> new IllegalStateException("The reference has no word for the type " + type))
                .getEntries()
                .stream()
                .map(one -> "`" + one.getNameAsString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(", "));
    }

    private static String hyphenated(String method) {
        return method.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** What the Javadoc calls a map's key. */
    private static String keyOf(String what) {
        Matcher named = OF_THE_OPERATOR.matcher(what);
        return named.find() ? named.group(1) : "name";
    }

    private static Optional<String> text(NodeWithAnnotations<?> node, String annotation) {
        return node.getAnnotationByName(annotation)
                .flatMap(found -> found.findFirst(StringLiteralExpr.class))
                .map(StringLiteralExpr::asString);
    }

    private static String javadoc(NodeWithJavadoc<?> node) {
        String text =
                node.getJavadoc().map(found -> found.getDescription().toText()).orElse("");
        String plain = LINK.matcher(CODE.matcher(text).replaceAll("`$1`")).replaceAll("$1");
        return plain.replaceAll("\\s+", " ").strip();
    }
}
