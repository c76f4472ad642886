package dev.carillon.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Program;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The Prometheus of this machine, with the configuration of {@code deploy/observability}: other addresses, and a shorter interval. */
final class Prometheus implements AutoCloseable {

    private static final String ABSENT =
            "LEFT OUT: prometheus (Debian's package prometheus) is not on this machine, so that nothing scraped the running stack.";
    private static final Path OBSERVABILITY = TestStack.root().resolve("deploy/observability/prometheus");

    private final Process process;
    private final OrphanGuard guard;
    private final String url;

    private Prometheus(Process process, OrphanGuard guard, String url) {
        this.process = process;
        this.guard = guard;
        this.url = url;
    }

    /** @param addresses where each target of the configuration is, such as {@code scheduler:8081} */
    static Prometheus scraping(Map<String, String> addresses) {
        Path program = Program.find("prometheus", ABSENT);
        Path folder = Path.of("target", "prometheus").toAbsolutePath();
        int port = FreePort.any();
        try {
            Files.createDirectories(folder);
            Path data = Files.createTempDirectory(folder, "data");
            Path configuration = Files.writeString(folder.resolve("prometheus.yml"), configuration(addresses));
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--config.file=" + configuration,
                            "--storage.tsdb.path=" + data,
                            "--web.listen-address=127.0.0.1:" + port,
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            var guard = OrphanGuard.over(process.toHandle(), "TERM", data);
            var prometheus = new Prometheus(process, guard, "http://127.0.0.1:" + port);
            prometheus.awaitReady(folder.resolve("prometheus.log"));
            return prometheus;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String configuration(Map<String, String> addresses) throws IOException {
        String text = Files.readString(OBSERVABILITY.resolve("prometheus.yml"));
        for (var address : addresses.entrySet()) {
            text = replaced(text, '"' + address.getKey() + '"', '"' + address.getValue() + '"');
        }
        text = replaced(text, "scrape_interval: 15s", "scrape_interval: 1s");
        text = replaced(text, "evaluation_interval: 15s", "evaluation_interval: 1s");
        return replaced(text, "- rules/*.yaml", "- " + OBSERVABILITY.resolve("rules") + "/*.yaml");
    }

    private static String replaced(String text, String part, String other) {
        assertThat(text).contains(part);
        return text.replace(part, other);
    }

    private void awaitReady(Path log) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended: " + Files.readString(log));
            }
            try {
                return Web.send("GET", url + "/-/ready", null).status() == 200;
            } catch (UncheckedIOException notYet) {
                return false;
            }
        });
    }

    /** The data of an answer of {@code /api/v1}. */
    JsonObject api(String path) {
        return Web.send("GET", url + "/api/v1/" + path, null).jsonOf(200);
    }

    /** What a query comes to at this moment. */
    Answer query(String promQl) {
        return Web.send("GET", url + "/api/v1/query?query=" + URLEncoder.encode(promQl, StandardCharsets.UTF_8), null);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        guard.release();
    }
}
