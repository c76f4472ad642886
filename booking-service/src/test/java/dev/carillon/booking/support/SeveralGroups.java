package dev.carillon.booking.support;

import java.util.HashMap;
import java.util.Map;

/** The same, with several groups of bookings at once that meet at slots, and so race with each other as those of several instances do. */
public final class SeveralGroups extends Surroundings {
    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<>(super.getConfigOverrides());
        settings.put("carillon.booking.book-groups", "1");
        settings.put("carillon.booking.book-groups-of-lane", "4");
        return settings;
    }
}
