package dev.carillon.scheduler.message;

/** What a message exists for: {@code api} (id of the caller), {@code schedule} or {@code booking}. */
public record Source(String type, String id) {}
