package dev.carillon.system.outside;

import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** Where no webhook is to go: a private address, and this machine's own if it has one, so that a call that was made would be seen. */
public final class Inside {

    public static final InetAddress ADDRESS = own().orElseGet(() -> InetAddress.ofLiteral("10.11.12.13"));
    public static final int PORT = ClosedPort.any();

    private Inside() {}

    /** Whether it is this machine's own. */
    public static boolean isHere() {
        return own().isPresent();
    }

    static String url() {
        String address = HostsFile.plain(ADDRESS);
        return "http://" + (ADDRESS instanceof Inet6Address ? "[" + address + "]" : address) + ":" + PORT + "/hooks";
    }

    private static Optional<InetAddress> own() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inside::isPrivate)
                    .findFirst();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of RFC 1918, or of RFC 4193 (fc00::/7). */
    private static boolean isPrivate(InetAddress address) {
        return address instanceof Inet6Address
                ? (address.getAddress()[0] & 0xfe) == 0xfc
                : address.isSiteLocalAddress();
    }
}
