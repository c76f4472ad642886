package dev.carillon.kit.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of addresses, {@code 10.0.0.0/8} or {@code fc00::/7}. Never asks a name server. */
public final class Cidr {

    private static final Pattern DOTTED =
            Pattern.compile("(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");

    private final byte[] network;
    private final int prefix;

    private Cidr(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * @throws IllegalArgumentException if it is not an address in its plain form, a slash and a prefix length, or if bits
     *     behind the prefix are set (who writes {@code 10.1.2.3/8} may mean something else)
     */
    public static Cidr parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length != 2 || !parts[1].matches("\\d{1,3}")) {
            throw new IllegalArgumentException("not a CIDR such as 10.0.0.0/8: " + text);
        }
        byte[] network = literal(parts[0])
                .orElseThrow(() -> new IllegalArgumentException("not an address: " + text))
                .getAddress();
        int prefix = Integer.parseInt(parts[1]);
        if (prefix > network.length * 8) {
            throw new IllegalArgumentException("prefix too long: " + text);
        }
        Cidr cidr = new Cidr(network, prefix);
        if (!Arrays.equals(cidr.masked(), network)) {
            throw new IllegalArgumentException("bits behind the prefix are set: " + text);
        }
        return cidr;
    }

    /** An IPv4 range never contains an IPv6 address, nor the reverse; mapped addresses are IPv4 already. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += 8) {
            int mask = mask(bit);
            if ((bytes[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private byte[] masked() {
        byte[] masked = new byte[network.length];
        for (int bit = 0; bit < prefix; bit += 8) {
            masked[bit / 8] = (byte) (network[bit / 8] & mask(bit));
        }
        return masked;
    }

    private int mask(int fromBit) {
        int bits = Math.min(8, prefix - fromBit);
        return 0xFF << (8 - bits) & 0xFF;
    }

    /**
     * The address that this text is, in the one form that every program reads alike: four decimal numbers without leading
     * zeros, or IPv6 without brackets and zone.
     */
    public static Optional<InetAddress> literal(String text) {
        if (text.indexOf(':') >= 0) {
            return text.indexOf('%') >= 0 ? Optional.empty() : ipv6(text);
        }
        Matcher dotted = DOTTED.matcher(text);
        if (!dotted.matches()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = Integer.parseInt(dotted.group(i + 1));
            if (part > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) part;
        }
        return Optional.of(address(bytes));
    }

    private static Optional<InetAddress> ipv6(String text) {
        try {
            return Optional.of(Inet6Address.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return address(network).getHostAddress() + "/" + prefix;
    }
}
