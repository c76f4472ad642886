package dev.carillon.system.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The names that JVMs find which are told to look here: each has one address, which may change, and no other name is found. They read the file at each
 * look-up; what they have read they remember as ever, for 30 seconds what is there and for 10 what is not.
 */
public final class HostsFile {

    private final Path file;
    // A look-up by address finds the first one that has it.
    private final Map<String, InetAddress> addresses = new LinkedHashMap<>();

    private HostsFile(Path file) {
        this.file = file;
    }

    /** With the names that this machine has for itself, in place of a former one. */
    public static HostsFile in(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var hosts = new HostsFile(folder.resolve("hosts").toAbsolutePath());
        hosts.put("localhost", InetAddress.getLoopbackAddress());
        hosts.putThisMachine();
        return hosts;
    }

    private void putThisMachine() {
        try {
            InetAddress own = InetAddress.getLocalHost();
            put(own.getHostName(), own);
        } catch (UnknownHostException unknown) {
            // Nobody else on this machine finds it either.
        }
    }

    public synchronized void put(String name, InetAddress address) {
        addresses.put(name, address);
        Path next = file.resolveSibling("hosts.next");
        try {
            Files.writeString(next, text());
            // Whoever reads it has all of one or the other.
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        return addresses.entrySet().stream()
                .map(one -> plain(one.getValue()) + " " + one.getKey() + "\n")
                .collect(Collectors.joining());
    }

    /** Without a zone, which means something on one machine alone. */
    static String plain(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "");
    }

    /** Of a JVM that finds these names and no others. */
    public String javaOption() {
        return "-Djdk.net.hosts.file=" + file;
    }

    /** Of one that looks again after a second for a name that was not there. */
    public String looksAgainOption() {
        Path properties = file.resolveSibling("looks-again.security");
        try {
            Files.writeString(properties, "networkaddress.cache.negative.ttl=1\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "-Djava.security.properties=" + properties;
    }
}
