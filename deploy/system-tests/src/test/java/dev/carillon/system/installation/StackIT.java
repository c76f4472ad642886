package dev.carillon.system.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.process.Signals;
import dev.carillon.local.OwnStack.Ended;
import dev.carillon.local.Ports;
import dev.carillon.local.ServiceName;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stack itself. Last, because it stops what the others need. */
@Order(Integer.MAX_VALUE)
@ExtendWith(RunningStack.class)
class StackIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestStack stack;
    private final TestStack another = TestStack.in(Path.of("target", "another-stack"), Map.of());

    StackIT(TestStack stack) {
        this.stack = stack;
    }

    /** Which tests of two instances have left running. */
    @BeforeEach
    void endTheSecondInstances() {
        stack.endSecondInstances();
    }

    /** What a failed test has left running. */
    @AfterEach
    void endTheOther() {
        another.run("reset");
    }

    @Test
    void up_twice_starts_nothing_new() {
        List<RunningProcess> before = stack.running();

        Ended again = stack.run("up");

        assertThat(again.exit()).as(again.output()).isZero();
        assertThat(again.output().lines().filter(line -> line.contains("was running, process")))
                .hasSameSizeAs(before);
        assertThat(stack.running()).isEqualTo(before);
    }

    @Test
    void down_leaves_nothing_running_and_up_finds_everything_again() {
        var carillon = new Carillon(stack);
        Accepted message = carillon.schedule(Way.EMAIL, "PT1H");

        Ended down = stack.run("down");

        assertThat(down.exit()).as(down.output()).isZero();
        assertThat(down.output()).doesNotContain("killed");
        assertThat(stack.running()).isEmpty();
        stack.up();
        assertThat(carillon.message(message).getString("status")).isEqualTo("scheduled");
    }

    @Test
    void a_port_in_use_is_named_and_nothing_is_left_running() throws Exception {
        int port = another.ports().service(ServiceName.DELIVERY, 1);
        try (var taken = new ServerSocket(port)) {
            Ended up = another.run("up");

            assertThat(up.exit()).isEqualTo(1);
            assertThat(up.output()).contains("port " + taken.getLocalPort() + " is in use, and delivery needs it");
        }
        assertThat(another.running()).isEmpty();
        another.run("reset");
    }

    @Test
    void ctrl_c_while_starting_leaves_nothing_running_and_reset_forgets_what_was_begun() {
        Process launcher = another.begin("up");
        await().atMost(PATIENCE).until(() -> {
            if (!launcher.isAlive()) {
                throw new AssertionError("ended before that: " + TestStack.awaitEnd(launcher));
            }
            return another.running().stream().map(RunningProcess::name).anyMatch("scheduler"::equals);
        });

        Signals.send("INT", launcher.toHandle());

        Ended up = TestStack.awaitEnd(launcher);
        assertThat(up.exit()).as(up.output()).isEqualTo(130);
        assertThat(up.output()).contains("Stopped again what had been started");
        assertThat(another.running()).isEmpty();
        assertThat(Ports.isFree(another.ports().postgres())).isTrue();
        assertThat(another.state().resolve("postgres")).isNotEmptyDirectory();

        Ended reset = another.run("reset");

        assertThat(reset.exit()).as(reset.output()).isZero();
        assertThat(another.state()).doesNotExist();
    }
}
