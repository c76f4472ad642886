package dev.carillon.scheduler.phrase;

import java.time.ZoneId;
import java.util.List;

/**
 * One thing that the name of a zone can mean. An abbreviation names an offset, and is said for the region's time whichever offset is in force: where
 * both differ, nobody knows which is meant, so that both are readings.
 *
 * @param zones the region first, then the offset that the abbreviation stands for; or one zone alone
 */
record ZoneMeaning(List<ZoneId> zones) {
    static ZoneMeaning of(ZoneId zone) {
        return new ZoneMeaning(List.of(zone));
    }
}
