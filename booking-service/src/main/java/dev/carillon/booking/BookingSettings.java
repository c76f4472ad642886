package dev.carillon.booking;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the booking service can be told. */
@ConfigMapping(prefix = "carillon.booking")
public interface BookingSettings {
    /** The e-mail address that calendar files name as their organizer (RFC 5545, 3.8.4.3); best the sender of the confirmations. */
    @WithDefault("bookings@carillon.invalid")
    String organizer();

    /** How many bookings share a commit at most. */
    @WithDefault("200")
    int bookGroup();

    /**
     * In how many lanes bookings are committed. All of a slot's go by one of them, which commits one group at a time: what stops, such as a connection that has
     * gone silent, stops its lane alone.
     */
    @WithDefault("4")
    int bookGroups();

    /**
     * How many groups a lane commits at once. More than one meet at the locks of slots, as those of several instances do: for tests and measurements, since
     * each of them is smaller.
     */
    @WithDefault("1")
    int bookGroupsOfLane();

    /** How many bookings wait for their commit at most, in each lane; more are answered 503. */
    @WithDefault("5000")
    int bookQueue();

    /** How long places are offered to somebody who waited for them; not beyond the slot's start. */
    @WithDefault("PT15M")
    Duration offer();

    /** How often places are looked for that are free although somebody waits for such: a capacity was raised, a slot was opened. */
    @WithDefault("PT5S")
    Duration waitlistSweep();

    /** How long a stopping node waits for what it is firing. */
    @WithDefault("PT10S")
    Duration stopPatience();
}
