package dev.carillon.kit.testing.http;

import java.util.stream.Stream;

/**
 * URLs by which a stranger would reach what is near a service and not on the public internet, in every form that some client takes for an address. Loopback in its
 * plain form is not among them: an installation may allow it.
 */
public final class InnerUrls {
    private InnerUrls() {}

    public static Stream<String> all() {
        return Stream.of(plain(), ipv6(), disguised()).flatMap(urls -> urls);
    }

    private static Stream<String> plain() {
        return Stream.of(
                "http://0.0.0.0/",
                "https://10.1.2.3:8443/x",
                "http://100.64.0.1/",
                "http://168.63.129.16/",
                "http://169.254.169.254/latest/meta-data/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/");
    }

    private static Stream<String> ipv6() {
        return Stream.of(
                "http://[::]/",
                "http://[::7f00:1]/",
                "http://[::ffff:10.0.0.1]/",
                "http://[::ffff:a9fe:a9fe]/",
                "http://[64:ff9b::a00:1]/",
                "http://[2001:db8::1]/",
                "http://[2002:7f00:1::]/",
                "http://[fc00::1]/",
                "http://[fd00:ec2::254]/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/");
    }

    /** 127.0.0.1 as a decimal, a hexadecimal and an octal number, and shortened; and what is an address to some only. */
    private static Stream<String> disguised() {
        return Stream.of(
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://0177.0.0.1/",
                "http://010.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.1./",
                "http://8.8.8.08/",
                "http://256.1.1.1/",
                "http://1.1.1.0x1/");
    }
}
