package dev.carillon.system.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.network.SelfSigned;
import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.LogTail;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.kit.testing.process.TemporaryFolder;
import dev.carillon.system.stack.Program;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * This machine's Exim, which takes letters from who has signed in over TLS, and its Dovecot, which shows over IMAP the mailboxes that Exim puts them into. Their
 * configurations are those of {@code src/test/mail}, in a temporary folder of their own: they know nothing of the machine's, and leave nothing behind but
 * their logs.
 */
final class MailServer implements AutoCloseable {

    private static final String ABSENT =
            "LEFT OUT: Exim or Dovecot (Debian's packages exim4-daemon-light and dovecot-imapd) is not on this machine, so that"
                    + " no mail server took the running stack's e-mails.";
    private static final String ANOTHER_DOVECOT =
            "LEFT OUT: this machine's Dovecot is none of 2.3 or 2.4, so that no mail server took the running stack's e-mails.";
    private static final String NOT_STARTED =
            "LEFT OUT: this machine's Dovecot does not start with the configuration that was"
                    + " written for it but never run, so that no mail server took the running stack's e-mails: ";

    static final Path CONFIGURATIONS = Path.of("src", "test", "mail");
    private static final Path LOGS = Path.of("target", "mail-server");
    private static final String ADDRESS = "127.0.0.1";
    private static final String NAME = "carillon";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    private static final Pattern TAKEN = Pattern.compile(" <= .* P=esmtpsa .* A=plain:" + NAME + " .* id=(\\S+)");

    private final String host = "mail-" + UUID.randomUUID() + ".test";
    private final String password = UUID.randomUUID().toString();
    private final int smtp = FreePort.any();
    private final int imap = FreePort.any();
    private final Path folder = TemporaryFolder.create("mail");
    private final Path certificate = folder.resolve("certificate.pem");
    private final List<Daemon> daemons = new ArrayList<>();

    private MailServer() {}

    static MailServer start() {
        Path exim = Program.find("exim", ABSENT);
        Path dovecot = Program.find("dovecot", ABSENT);
        Optional<DovecotConfiguration> configuration = DovecotConfiguration.of(versionOf(dovecot));
        Program.leaveOutUnless(configuration.isPresent(), ANOTHER_DOVECOT);
        var server = new MailServer();
        try {
            server.run(exim, dovecot, configuration.orElseThrow());
            return server;
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static String versionOf(Path dovecot) {
        try {
            Process asked = new ProcessBuilder(dovecot.toString(), "--version").start();
            return new String(asked.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Path exim, Path dovecot, DovecotConfiguration configuration) throws IOException {
        Account account = Account.owning(folder);
        var own = SelfSigned.of("dns:" + host);
        own.writeTo(certificate);
        Files.writeString(folder.resolve("server.pem"), own.key() + own.certificate());
        start(account, exim, "-C", configured("exim.conf", account, smtp), "-bdf");
        start(account, dovecot, "-c", configured(configuration.file(), account, imap), "-F");
        awaitListening(smtp, exim);
        try {
            awaitListening(imap, dovecot);
        } catch (AssertionError | ConditionTimeoutException notStarted) {
            Program.leaveOutUnless(configuration.isProven(), NOT_STARTED + notStarted.getMessage());
            throw notStarted;
        }
    }

    private void awaitListening(int port, Path program) {
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> isListening(port, program));
    }

    private String configured(String name, Account account, int port) throws IOException {
        Map<String, String> values = Map.of(
                "@folder@", folder.toString(),
                "@user@", account.user(),
                "@group@", account.group(),
                "@port@", Integer.toString(port),
                "@name@", NAME,
                "@password@", password);
        String text = Files.readString(CONFIGURATIONS.resolve(name));
        for (var value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private void start(Account account, Path program, String... options) throws IOException {
        var command = new ArrayList<>(account.prefix());
        command.add(program.toString());
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output(program).toFile())
                .start();
        daemons.add(new Daemon(program, process, OrphanGuard.over(process.toHandle(), "TERM", folder)));
    }

    /** What it says before it has a log. */
    private Path output(Path program) {
        return folder.resolve(program.getFileName() + ".out");
    }

    /** @param program which is to listen there */
    private boolean isListening(int port, Path program) {
        if (daemons.stream()
                .noneMatch(one -> one.program().equals(program) && one.process().isAlive())) {
            throw new AssertionError(program + " ended: " + LogTail.of(output(program), 20)
                    + LogTail.of(folder.resolve("exim-paniclog"), 20)
                    + LogTail.of(folder.resolve("dovecot.log"), 20));
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The name that delivery has for it, which nobody finds until {@code HostsFile} is given an address for it: that of this machine. */
    String host() {
        return host;
    }

    /** Delivery's, to send by this server as {@code docs/operating/email.md} says. */
    Map<String, String> variables() {
        return Map.of(
                "CARILLON_SMTP_HOST", host,
                "CARILLON_SMTP_PORT", Integer.toString(smtp),
                "CARILLON_SMTP_USERNAME", NAME,
                "CARILLON_SMTP_PASSWORD", password,
                "CARILLON_SMTP_TRUSTED_CERTIFICATES", certificate.toString());
    }

    /** The {@code Message-ID} of each letter that Exim took from who had signed in over TLS, without the brackets; again each time that it took it. */
    List<String> taken() throws IOException {
        return log().stream()
                .flatMap(line -> TAKEN.matcher(line).results())
                .map(letter -> letter.group(1))
                .toList();
    }

    /** How often Exim refused to take a letter for this address, for now or for good. */
    long refusals(String address) throws IOException {
        return log().stream()
                .filter(line -> line.contains("rejected RCPT <" + address + ">"))
                .count();
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("exim-mainlog"), ISO_8859_1);
    }

    /** The mailbox of this address, once there is something in it: Exim has taken a letter before it puts it there. To be closed. */
    Inbox awaitInbox(String address) throws MessagingException {
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> hasLetters(address));
        return inbox(address);
    }

    private boolean hasLetters(String address) throws MessagingException {
        try (Inbox inbox = inbox(address)) {
            return !inbox.letters().isEmpty();
        }
    }

    private Inbox inbox(String address) throws MessagingException {
        Store store = Session.getInstance(new Properties()).getStore("imap");
        // A mailbox is called by what stands before the @, in any domain of Exim's.
        store.connect(ADDRESS, imap, address.substring(0, address.indexOf('@')), password);
        Folder inbox = store.getFolder("INBOX");
        inbox.open(Folder.READ_ONLY);
        return new Inbox(store, inbox);
    }

    /** A mailbox as Dovecot shows it, parts and all, as long as this is open. */
    record Inbox(Store store, Folder folder) implements AutoCloseable {

        /** In order of arrival. */
        List<Message> letters() throws MessagingException {
            return List.of(folder.getMessages());
        }

        @Override
        public void close() throws MessagingException {
            folder.close(false);
            store.close();
        }
    }

    @Override
    public void close() {
        daemons.forEach(Daemon::end);
        try {
            Files.createDirectories(LOGS);
            for (String log : List.of("exim-mainlog", "dovecot.log")) {
                if (Files.exists(folder.resolve(log))) {
                    Files.copy(folder.resolve(log), LOGS.resolve(log), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TemporaryFolder.delete(folder);
    }

    private record Daemon(Path program, Process process, OrphanGuard guard) {

        void end() {
            Signals.end("TERM", process.toHandle(), PATIENCE);
            guard.release();
        }
    }

    /**
     * Whom both run as: as who runs this, or as nobody where that is root, for whom Exim would deliver nothing.
     *
     * @param prefix the words to put before a command
     */
    private record Account(String user, String group, List<String> prefix) {

        private static final int NOBODY = 65534;

        /** Gives the folder to nobody where root has it. */
        static Account owning(Path folder) throws IOException {
            boolean isRoots = Files.getAttribute(folder, "unix:uid") instanceof Integer uid && uid == 0;
            if (isRoots) {
                Files.setAttribute(folder, "unix:uid", NOBODY);
                Files.setAttribute(folder, "unix:gid", NOBODY);
            }
            var attributes = Files.readAttributes(folder, PosixFileAttributes.class);
            return new Account(
                    attributes.owner().getName(),
                    attributes.group().getName(),
                    isRoots
                            ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups")
                            : List.of());
        }
    }
}
