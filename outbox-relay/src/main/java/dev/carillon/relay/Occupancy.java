package dev.carillon.relay;

/** How full the window is: events that are known, and bytes of payloads that wait or are on their way; and how often it forgot some. */
final class Occupancy {
    int events;
    long bytes;
    long forgettings;
}
