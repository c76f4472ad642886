package dev.carillon.scheduler.message;

/** What a message exists for: {@code api} (id of the caller), {@code schedule}, {@code booking}, or {@code failure} (id of the message that failed). */
public record Source(String type, String id) {}
