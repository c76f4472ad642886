package dev.carillon.kit.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a webhook may reach: the public internet, and what the operator allows beside it. A receiver's address
 * comes from a stranger, and must not turn this service into a way into the network it runs in.
 *
 * <p>The refused ranges are those of IANA's special-purpose registries that are not globally reachable, those that carry
 * another address inside (NAT64, 6to4, Teredo), and the clouds' metadata services. All of IPv6 but 2000::/3 is refused.
 */
public final class AddressPolicy {

    private static final Map<Cidr, String> REFUSED = ranges();
    private static final String NOT_PUBLIC = "not an address of the public internet";
    private static final Map<String, String> RANGES = Map.ofEntries(
            Map.entry("a loopback address", "loopback"),
            Map.entry("an unspecified address", "unspecified"),
            Map.entry("a private network", "private"),
            Map.entry("a metadata service", "metadata"),
            Map.entry("a link-local address", "link-local"),
            Map.entry("a carrier's shared network", "shared"),
            Map.entry("a multicast address", "multicast"),
            Map.entry("a broadcast address", "broadcast"),
            Map.entry("a reserved address", "reserved"),
            Map.entry("a benchmarking network", "benchmarking"),
            Map.entry("a documentation address", "documentation"),
            Map.entry("an address that carries another", "embedded"),
            Map.entry(NOT_PUBLIC, "not-public"));
    private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)\\.?");

    private final List<Cidr> allowed;

    /** @param allowed ranges that are reached although they are refused otherwise */
    public AddressPolicy(List<Cidr> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** What speaks against a connection to this address, such as {@code a private network}; empty if nothing does. */
    public Optional<String> refuses(InetAddress address) {
        if (allowed.stream().anyMatch(range -> range.contains(address))) {
            return Optional.empty();
        }
        for (Map.Entry<Cidr, String> range : REFUSED.entrySet()) {
            if (range.getKey().contains(address)) {
                return Optional.of(range.getValue());
            }
        }
        return address instanceof Inet6Address && !GLOBAL_UNICAST.contains(address)
                ? Optional.of(NOT_PUBLIC)
                : Optional.empty();
    }

    /**
     * What speaks against this URL by its form alone, without asking a name server: not absolute, neither http nor https,
     * credentials in it, a port that is none, an address in an ambiguous notation (octal, hexadecimal, shortened), or an
     * address that {@link #refuses(InetAddress)}. Empty if it may be tried; a name is then judged by its addresses.
     */
    public Optional<String> refusesLiterally(URI url) {
        String scheme = url.getScheme();
        if (scheme == null || !scheme.toLowerCase(Locale.ROOT).matches("https?")) {
            return Optional.of("it is neither an http nor an https address");
        }
        if (url.getRawUserInfo() != null || userInfoInside(url.getRawAuthority())) {
            return Optional.of("it carries credentials");
        }
        String host = url.getHost();
        if (host == null || host.isEmpty()) {
            return Optional.of("its host cannot be read");
        }
        if (url.getPort() == 0 || url.getPort() > 65535 || url.getRawAuthority().endsWith(":")) {
            return Optional.of("its port is none");
        }
        return refusesHost(host.toLowerCase(Locale.ROOT));
    }

    /**
     * The range that a refusal is about, as one word of a closed list, for metrics: {@code loopback}, {@code private}, {@code metadata} and so on;
     * {@code none} where it is about the form of a URL.
     */
    public static String rangeOf(String refusal) {
        return RANGES.getOrDefault(refusal, "none");
    }

    /** The address that a URL's host is, if it is one and no name; brackets are taken off. */
    public static Optional<InetAddress> literal(String host) {
        return Cidr.literal(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    private Optional<String> refusesHost(String host) {
        if (host.startsWith("[") || ENDS_IN_NUMBER.matcher(host).matches()) {
            Optional<InetAddress> address = literal(host);
            return address.isEmpty() ? Optional.of("its address is not in the plain form") : refuses(address.get());
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            // RFC 6761: never anything but loopback. Either family may be the allowed one.
            Optional<String> refusal = refuses(Cidr.literal("127.0.0.1").orElseThrow());
            return refusal.isEmpty() ? refusal : refuses(Cidr.literal("::1").orElseThrow());
        }
        return Optional.empty();
    }

    private static boolean userInfoInside(@Nullable String authority) {
        return authority != null && authority.indexOf('@') >= 0;
    }

    private static Map<Cidr, String> ranges() {
        Map<Cidr, String> ranges = new LinkedHashMap<>();
        refuse(ranges, "a loopback address", "127.0.0.0/8", "::1/128");
        refuse(ranges, "an unspecified address", "0.0.0.0/8", "::/128");
        refuse(ranges, "a private network", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10");
        // Azure's is a public address that answers to its own machines alone; AWS's over IPv6 is in fc00::/7.
        refuse(ranges, "a metadata service", "169.254.169.254/32", "168.63.129.16/32");
        refuse(ranges, "a link-local address", "169.254.0.0/16", "fe80::/10");
        refuse(ranges, "a carrier's shared network", "100.64.0.0/10");
        refuse(ranges, "a multicast address", "224.0.0.0/4", "ff00::/8");
        refuse(ranges, "a broadcast address", "255.255.255.255/32");
        refuse(ranges, "a reserved address", "240.0.0.0/4", "192.0.0.0/24", "100::/64", "2001::/23", "5f00::/16");
        refuse(ranges, "a benchmarking network", "198.18.0.0/15");
        refuse(ranges, "a documentation address", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
        refuse(ranges, "a documentation address", "2001:db8::/32", "3fff::/20");
        refuse(ranges, "an address that carries another", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96");
        refuse(ranges, "an address that carries another", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24");
        return ranges;
    }

    private static void refuse(Map<Cidr, String> ranges, String what, String... cidrs) {
        for (String cidr : cidrs) {
            ranges.put(Cidr.parse(cidr), what);
        }
    }
}
