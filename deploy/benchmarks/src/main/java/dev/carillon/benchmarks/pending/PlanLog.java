package dev.carillon.benchmarks.pending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The plans of one database's statements, out of PostgreSQL's log: a line that says how long it took, then the plan, each line after a tab. */
final class PlanLog {
    private final Path file;
    private final Pattern entry;
    private long offset;

    PlanLog(Path file, String database) {
        this.file = file;
        this.entry = Pattern.compile("(?m)^[^\\t\\n]* \\[\\d+\\] " + Pattern.quote(database)
                + " LOG:  duration: ([0-9.]+) ms  plan:\\n((?:\\t.*\\n)++)");
    }

    /** Those that were written since this was asked last. */
    List<Explained> read() {
        var all = new ArrayList<Explained>();
        var text = new String(rest(), StandardCharsets.UTF_8);
        var entries = entry.matcher(text);
        while (entries.find()) {
            all.add(Explained.of(
                    Double.parseDouble(entries.group(1)), entries.group(2).replace("\n\t", "\n")));
        }
        return all;
    }

    private byte[] rest() {
        try (var channel = FileChannel.open(file)) {
            var bytes = ByteBuffer.allocate((int) (channel.size() - offset));
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
            offset += bytes.position();
            return bytes.array();
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }
}
