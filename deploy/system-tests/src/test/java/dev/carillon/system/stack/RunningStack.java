package dev.carillon.system.stack;

import dev.carillon.system.outside.HostsFile;
import dev.carillon.system.outside.RelayEntrance;
import dev.carillon.system.outside.VouchedFor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test the stack that all test classes share, running and without injected faults. */
public class RunningStack implements ParameterResolver, BeforeEachCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RunningStack.class);

    /** The only certificate that the services trust. */
    public static final VouchedFor VOUCHED_FOR = VouchedFor.in(Path.of("target"));

    /** All names that the services find. */
    public static final HostsFile NAMES = HostsFile.in(Path.of("target"));

    /** The relay that delivery sends mail by. */
    public static final RelayEntrance RELAY = RelayEntrance.open();

    public static final Duration RETRY_WAIT = Duration.ofSeconds(6);

    /** Messages are staged so long before their instant. */
    public static final Duration LEAD = Duration.ofSeconds(20);

    /** What is offered to somebody who waits is offered for so long. */
    static final Duration OFFER = Duration.ofSeconds(3);

    /**
     * Retries come after seconds, where by default they take minutes, calls time out and offers end sooner, and messages are staged as late as they may be; and no JVM
     * lives long enough here to earn back what its second compiler takes (docs/benchmarks.md). Whom the services trust, which names they find and where their
     * relay is are the tests' to say, but for native executables. All else is as {@code make up} starts it.
     */
    private static final Map<String, String> VARIABLES = Map.of(
            "CARILLON_JAVA_OPTIONS",
            javaOptions() + " -Dcarillon.smtp.port=" + RELAY.port(),
            "CARILLON_DELIVERY_RETRY_WAITS",
            RETRY_WAIT + "," + RETRY_WAIT,
            "CARILLON_SCHEDULER_LEAD",
            LEAD.toString(),
            "CARILLON_WEBHOOK_TIMEOUT",
            "PT5S",
            "CARILLON_SMTP_TIMEOUT",
            "PT5S",
            // A chat is left to a node that died in the middle of it for twelve calls and ten seconds.
            "CARILLON_TELEGRAM_TIMEOUT",
            "PT3S",
            "CARILLON_BOOKING_OFFER",
            OFFER.toString(),
            // One tenant asks for all that an instance may have open.
            "CARILLON_SCHEDULER_STREAMS_OF_TENANT",
            "10000");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestStack.class;
    }

    /** The options of its JVMs, but for where mail goes: an option counts for more than a variable. */
    public static String javaOptions() {
        return String.join(" ", "-XX:TieredStopAtLevel=1", VOUCHED_FOR.javaOptions(), NAMES.javaOption());
    }

    @Override
    public TestStack resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return stack(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        new Carillon(stack(context)).faults().clear();
    }

    static TestStack stack(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Shared.class, key -> new Shared(), Shared.class)
                .stack;
    }

    /** Ended with the last test, and forgotten by the next run. */
    private static final class Shared implements AutoCloseable {

        private final TestStack stack = TestStack.in(Path.of("target", "stack"), VARIABLES);

        private Shared() {
            RELAY.leadTo(stack.ports().smtp());
            stack.startAfresh();
        }

        @Override
        public void close() {
            // Its logs stay, for who wants to know why a test failed.
            stack.run("down");
        }
    }
}
