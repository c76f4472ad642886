package dev.carillon.scheduler.phrase;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names that zones go by: IANA names, cities of them, and abbreviations. */
final class ZoneNames {
    private static final Set<String> CONTINENTS =
            Set.of("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific");
    // Those that are also other words, or better known as other places.
    private static final Set<String> NOT_CITIES = Set.of(
            "christmas",
            "easter",
            "midway",
            "wake",
            "center",
            "virgin",
            "north",
            "south",
            "west",
            "knox in",
            "san juan",
            "la paz",
            "merida",
            "cordoba",
            "antigua",
            "tripoli");

    private static final String AUSTRALIA = "Australia/";

    private static final Map<String, ZoneId> BY_ID = ZoneId.getAvailableZoneIds().stream()
            .filter(id -> id.contains("/") && !id.startsWith("Etc/") && !id.startsWith("SystemV/"))
            .collect(Collectors.toUnmodifiableMap(id -> id.toLowerCase(Locale.ROOT), ZoneId::of));
    private static final Map<String, ZoneId> CITIES = cities();
    private static final Map<String, List<Abbreviation>> ABBREVIATIONS = abbreviations();

    /**
     * @param homes the zones in which it has this meaning, by the beginnings of their names
     * @param abroad whether it has it elsewhere, too
     */
    private record Abbreviation(ZoneMeaning meaning, List<String> homes, boolean abroad) {
        boolean isAtHomeIn(ZoneId zone) {
            return homes.stream().anyMatch(zone.getId()::startsWith);
        }
    }

    private ZoneNames() {}

    static @Nullable ZoneId byId(String lowerCase) {
        return BY_ID.get(lowerCase);
    }

    static @Nullable ZoneId city(String lowerCase) {
        return CITIES.get(lowerCase);
    }

    /** What the abbreviation can mean to somebody in {@code zone}; empty if it is none. */
    static List<ZoneMeaning> abbreviation(String lowerCase, ZoneId zone) {
        var all = ABBREVIATIONS.getOrDefault(lowerCase, List.of());
        var atHome = all.stream().filter(one -> one.isAtHomeIn(zone)).toList();
        var meant = atHome.isEmpty() ? all.stream().filter(Abbreviation::abroad).toList() : atHome;
        return meant.stream().map(Abbreviation::meaning).toList();
    }

    private static Map<String, ZoneId> cities() {
        var cities = new HashMap<String, ZoneId>();
        for (var id : ZoneId.getAvailableZoneIds()) {
            var parts = id.split("/");
            if (parts.length == 2 && CONTINENTS.contains(parts[0])) {
                cities.put(parts[1].replace('_', ' ').toLowerCase(Locale.ROOT), ZoneId.of(id));
            }
        }
        NOT_CITIES.forEach(cities::remove);
        cities.put("buenos aires", ZoneId.of("America/Argentina/Buenos_Aires"));
        Map.of(
                        "mumbai",
                        "Asia/Kolkata",
                        "delhi",
                        "Asia/Kolkata",
                        "new delhi",
                        "Asia/Kolkata",
                        "bangalore",
                        "Asia/Kolkata",
                        "chennai",
                        "Asia/Kolkata",
                        "san francisco",
                        "America/Los_Angeles",
                        "seattle",
                        "America/Los_Angeles",
                        "boston",
                        "America/New_York",
                        "munich",
                        "Europe/Berlin",
                        "beijing",
                        "Asia/Shanghai")
                .forEach((city, id) -> cities.put(city, ZoneId.of(id)));
        return Map.copyOf(cities);
    }

    private static Map<String, List<Abbreviation>> abbreviations() {
        var all = new HashMap<String, List<Abbreviation>>();
        // Not WET, WEST, WAT and EAT, which are words or look like them.
        var utc = new Abbreviation(ZoneMeaning.of(ZoneId.of("UTC")), List.of(), true);
        put(all, "utc", utc);
        put(all, "z", utc);
        // In Britain GMT is said for London's time, in summer as well.
        put(all, "gmt", utc, only("Europe/London", "+00:00", "Europe/London"));
        northAmerica(all);
        put(
                all,
                "ist",
                region("Asia/Kolkata", "+05:30", "Asia/Kolkata", "Asia/Calcutta"),
                region("Asia/Jerusalem", "+02:00", "Asia/Jerusalem", "Asia/Tel_Aviv"),
                region("Europe/Dublin", "+01:00", "Europe/Dublin"));
        put(all, "idt", region("Asia/Jerusalem", "+03:00"));
        put(
                all,
                "bst",
                region("Europe/London", "+01:00", "Europe/London", "Europe/Belfast"),
                region("Asia/Dhaka", "+06:00", "Asia/Dhaka"));
        put(all, "cet", region("Europe/Berlin", "+01:00"));
        put(all, "cest", region("Europe/Berlin", "+02:00"));
        put(all, "eet", region("Europe/Helsinki", "+02:00"));
        put(all, "eest", region("Europe/Helsinki", "+03:00"));
        put(all, "msk", region("Europe/Moscow", "+03:00"));
        put(all, "sast", region("Africa/Johannesburg", "+02:00"));
        put(all, "pkt", region("Asia/Karachi", "+05:00"));
        put(all, "sgt", region("Asia/Singapore", "+08:00"));
        put(all, "hkt", region("Asia/Hong_Kong", "+08:00"));
        put(all, "jst", region("Asia/Tokyo", "+09:00"));
        put(all, "kst", region("Asia/Seoul", "+09:00"));
        put(all, "awst", region("Australia/Perth", "+08:00"));
        put(all, "aest", region("Australia/Sydney", "+10:00"));
        put(all, "aedt", region("Australia/Sydney", "+11:00"));
        put(all, "nzst", region("Pacific/Auckland", "+12:00"));
        put(all, "nzdt", region("Pacific/Auckland", "+13:00"));
        return Map.copyOf(all);
    }

    private static void northAmerica(Map<String, List<Abbreviation>> all) {
        // In Australia EST is Sydney's, in the Philippines PST is Manila's: said there, it may be either.
        put(
                all,
                "est",
                american("America/New_York", "-05:00", AUSTRALIA),
                only("Australia/Sydney", "+10:00", AUSTRALIA));
        put(
                all,
                "edt",
                american("America/New_York", "-04:00", AUSTRALIA),
                only("Australia/Sydney", "+11:00", AUSTRALIA));
        put(
                all,
                "pst",
                american("America/Los_Angeles", "-08:00", "Asia/Manila"),
                only("Asia/Manila", "+08:00", "Asia/Manila"));
        put(all, "pdt", american("America/Los_Angeles", "-07:00"));
        put(
                all,
                "cst",
                american("America/Chicago", "-06:00"),
                region("Asia/Shanghai", "+08:00", "Asia/Shanghai", "Asia/Chongqing", "Asia/Taipei", "Asia/Macau"),
                region("America/Havana", "-05:00", "America/Havana"));
        put(all, "cdt", american("America/Chicago", "-05:00"), only("America/Havana", "-04:00", "America/Havana"));
        put(
                all,
                "mst",
                american("America/Denver", "-07:00"),
                region("Asia/Kuala_Lumpur", "+08:00", "Asia/Kuala_Lumpur"));
        put(all, "mdt", american("America/Denver", "-06:00"));
        put(all, "akst", region("America/Anchorage", "-09:00"));
        put(all, "akdt", region("America/Anchorage", "-08:00"));
        put(all, "hst", region("Pacific/Honolulu", "-10:00"));
        regional(all, "America/New_York", "Australia/Sydney", "et", "eastern");
        regional(all, "America/Chicago", "Australia/Adelaide", "ct", "central");
        regional(all, "America/Denver", "Australia/Adelaide", "mt", "mountain");
        regional(all, "America/Los_Angeles", "Australia/Sydney", "pt", "pacific");
    }

    /** Names of a region's time whichever offset is in force; they have another meaning in Australia. */
    private static void regional(Map<String, List<Abbreviation>> all, String id, String australian, String... names) {
        for (var name : names) {
            put(
                    all,
                    name,
                    new Abbreviation(ZoneMeaning.of(ZoneId.of(id)), List.of("America/", "US/", AUSTRALIA), true),
                    new Abbreviation(ZoneMeaning.of(ZoneId.of(australian)), List.of(AUSTRALIA), false));
        }
    }

    private static Abbreviation american(String id, String offset, String... alsoAt) {
        return region(
                id,
                offset,
                Stream.concat(Stream.of("America/", "US/", "Canada/"), Stream.of(alsoAt))
                        .toArray(String[]::new));
    }

    private static Abbreviation region(String id, String offset, String... homes) {
        return new Abbreviation(new ZoneMeaning(List.of(ZoneId.of(id), ZoneOffset.of(offset))), List.of(homes), true);
    }

    private static Abbreviation only(String id, String offset, String home) {
        return new Abbreviation(new ZoneMeaning(List.of(ZoneId.of(id), ZoneOffset.of(offset))), List.of(home), false);
    }

    private static void put(Map<String, List<Abbreviation>> all, String name, Abbreviation... meanings) {
        all.put(name, List.of(meanings));
    }
}
