package dev.carillon.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process id together with the moment at which that process started, counted from the boot of this machine: an id alone may be
 * another program's by now.
 *
 * @param born boot id and clock ticks since then, joined by a colon
 */
public record ProcessIdentity(long pid, String born) {

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}) (\\S+)");
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** Of a process that lives now; one that has ended and waits to be collected by its parent does not live. */
    public static Optional<ProcessIdentity> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The program's name stands in parentheses and may hold anything, parentheses and spaces too.
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (afterName[STATE].equals("Z") || afterName[STATE].equals("X")) {
                return Optional.empty();
            }
            String boot = Files.readString(BOOT_ID).strip();
            return Optional.of(new ProcessIdentity(pid, boot + ":" + afterName[START_TIME]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Of what {@link #text} gave; empty for anything else. */
    public static Optional<ProcessIdentity> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new ProcessIdentity(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /** In one line, to be kept in a file. */
    public String text() {
        return pid + " " + born;
    }

    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }
}
