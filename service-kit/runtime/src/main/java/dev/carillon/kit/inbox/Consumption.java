package dev.carillon.kit.inbox;

/**
 * Who consumes, and what it does.
 *
 * @param group names the topic of the dead letters
 * @param consumer whose events these are in the inbox
 */
record Consumption(String group, String consumer, Inbox.Effect effect) {}
