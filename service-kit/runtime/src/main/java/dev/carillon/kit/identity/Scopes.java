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

    /** A token's groups: a viewer reads, an operator also writes, an admin does everything. */
    static boolean groupsAllow(Set<String> groups, Permission wanted) {
        return groups.contains("admin")
                || groups.contains("operator") && !"admin".equals(wanted.getActions())
                || groups.contains("viewer") && "read".equals(wanted.getActions());
    }
}
