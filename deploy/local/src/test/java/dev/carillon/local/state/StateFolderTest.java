package dev.carillon.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.local.StackFailure;
import dev.carillon.local.process.ProcessIdentity;
import dev.carillon.local.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

    private final StateFolder folder;

    StateFolderTest(@TempDir Path parent) {
        this.folder = StateFolder.at(parent.resolve("state"));
    }

    @Test
    void secrets_are_made_once_kept_and_readable_by_their_owner_alone() throws IOException {
        Credentials first = Credentials.in(folder);
        SigningKeys.in(folder);
        Credentials second = Credentials.in(folder);

        assertThat(second.get(Credentials.TENANT)).isEqualTo("local");
        for (String name :
                List.of(Credentials.POSTGRES_PASSWORD, Credentials.WEBHOOK_SECRET, Credentials.TELEGRAM_TOKEN)) {
            assertThat(second.get(name)).isEqualTo(first.get(name)).hasSizeGreaterThan(20);
        }
        for (String file : List.of("credentials.env", "jwt-private.pem")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file(file))))
                    .isEqualTo("rw-------");
        }
        byte[] key =
                Base64.getDecoder().decode(first.get(Credentials.WEBHOOK_SECRET).substring("whsec_".length()));
        assertThat(key).hasSizeBetween(24, 64);
    }

    @Test
    void what_verifies_webhooks_is_the_tenants_own_and_follows_the_installations() {
        Credentials credentials = Credentials.in(folder);
        String installation = credentials.get(Credentials.WEBHOOK_INSTALLATION_SECRET);
        assertThat(credentials.get(Credentials.WEBHOOK_SECRET)).isEqualTo(TenantSecret.of(installation, "local"));

        // As an earlier launcher left them.
        folder.write(
                "credentials.env",
                folder.lines("credentials.env").stream()
                        .filter(line -> !line.startsWith(Credentials.WEBHOOK_INSTALLATION_SECRET))
                        .toList());

        Credentials again = Credentials.in(folder);
        String another = again.get(Credentials.WEBHOOK_INSTALLATION_SECRET);
        assertThat(another).isNotEqualTo(installation);
        assertThat(again.get(Credentials.WEBHOOK_SECRET)).isEqualTo(TenantSecret.of(another, "local"));
        assertThat(Credentials.in(folder).get(Credentials.WEBHOOK_SECRET))
                .isEqualTo(again.get(Credentials.WEBHOOK_SECRET));
    }

    @Test
    void the_credentials_can_be_sourced_by_a_shell() throws Exception {
        var credentials = Credentials.in(folder);
        var shell = new ProcessBuilder("sh", "-eu", "-c", ". ./credentials.env; printf %s \"$CARILLON_WEBHOOK_SECRET\"")
                .directory(folder.path().toFile())
                .start();

        assertThat(shell.inputReader().readLine()).isEqualTo(credentials.get(Credentials.WEBHOOK_SECRET));
    }

    @Test
    void data_without_its_passwords_is_a_failure_with_a_way_out() throws IOException {
        Files.createDirectories(folder.file("postgres"));

        assertThatThrownBy(() -> Credentials.in(folder))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("make reset");
    }

    @Test
    void the_admin_token_is_kept_until_its_last_month_or_until_the_keys_change() throws IOException {
        Instant now = Instant.parse("2026-11-27T09:00:00Z");
        SigningKeys keys = SigningKeys.in(folder);
        String token = AdminToken.keptOrNew("", "local", keys, now);

        assertThat(AdminToken.keptOrNew(token, "local", keys, now.plus(Duration.ofDays(334))))
                .isEqualTo(token);
        assertThat(AdminToken.keptOrNew(token, "local", keys, now.plus(Duration.ofDays(336))))
                .isNotEqualTo(token);
        assertThat(AdminToken.keptOrNew(token, "other", keys, now)).isNotEqualTo(token);
        Files.delete(folder.file("jwt-private.pem"));
        assertThat(AdminToken.keptOrNew(token, "local", SigningKeys.in(folder), now))
                .isNotEqualTo(token);
    }

    @Test
    void processes_are_listed_for_people_and_only_living_ones_count() {
        var processes = new RunningProcesses(folder);
        ProcessIdentity own = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        processes.add(new RunningProcess("scheduler", own));
        processes.add(new RunningProcess("delivery", new ProcessIdentity(own.pid(), "earlier:1")));

        assertThat(folder.lines("pids")).startsWith("scheduler " + own.pid());
        assertThat(processes.all()).extracting(RunningProcess::name).containsExactly("scheduler");
        assertThat(processes.named("delivery")).isEmpty();
        processes.tidy();
        assertThat(folder.lines("pids")).containsExactly("scheduler " + own.pid());
    }

    @Test
    void two_launchers_do_not_work_on_one_folder_at_once() {
        try (var held = folder.lock()) {
            assertThat(held.channel().isOpen()).isTrue();
            assertThatThrownBy(folder::lock).isInstanceOf(StackFailure.class).hasMessageContaining("at work");
        }
        folder.lock().close();
    }

    @Test
    void forgetting_leaves_what_is_not_the_stacks_own() throws IOException {
        Credentials.in(folder);
        Files.writeString(folder.file("mine.txt"), "mine");

        folder.forget();

        try (var left = Files.list(folder.path())) {
            assertThat(left).containsExactly(folder.file("mine.txt"));
        }
    }
}
