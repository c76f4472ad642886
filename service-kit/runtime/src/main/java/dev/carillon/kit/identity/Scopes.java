package dev.carillon.kit.identity;

import java.security.Permission;
import java.util.Set;

/** What scopes and groups allow. A permission is {@code <what>:<action>}; the actions are {@code read}, {@code write} and {@code admin}. */
final class Scopes {
    private Scopes() {}

    /** An API key's scopes: exactly those named, {@code <what>:*}, or {@code *} for all. */
    static boolean allow(Set<String> scopes, Permission wanted) {
        return scopes.contains("*")
                || scopes.contains(wanted.getName() + ":*")
                || scopes.contains(wanted.getName() + ":" + wanted.getActions());
    }

    /** Whether {@code held} are at least {@code scope}. */
    static boolean cover(Set<String> held, String scope) {
        return held.contains("*")
                || held.contains(scope)
                || held.contains(scope.substring(0, scope.indexOf(':') + 1) + "*");
    }

    /** What a token's groups come to as scopes that its bearer may give to a key: an admin's all, and nobody else's any. */
    static Set<String> ofGroups(Set<String> groups) {
        return groups.contains("admin") ? Set.of("*") : Set.of();
    }

    /** A token's groups: a viewer reads, an operator also writes, an admin does everything. */
    static boolean groupsAllow(Set<String> groups, Permission wanted) {
        return groups.contains("admin")
                || groups.contains("operator") && !"admin".equals(wanted.getActions())
                || groups.contains("viewer") && "read".equals(wanted.getActions());
    }
}
