package dev.carillon.system.providers;

import dev.carillon.kit.testing.network.SelfSigned;
import dev.carillon.local.ServiceName;
import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.StandingWatch;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.outside.Inside;
import dev.carillon.system.outside.Misbehaviour;
import dev.carillon.system.outside.WaywardReceiver;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RefusalCount;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.ServiceLog;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What all who fail in {@link ProviderFaultsIT} share: when it begins, who watches, and the destinations that are theirs alone. */
final class FaultScene implements AutoCloseable {

    static final int ATTEMPTS = 3;
    /** Enough to open a breaker. */
    static final int BURST = 15;

    static final Duration TOGETHER = Duration.ZERO;
    static final Instant FOR_EVER = Instant.now().plus(Duration.ofHours(1));

    private static final Duration APART = Duration.ofMillis(1_500);

    private final TestStack stack;
    private final Carillon carillon;
    private final StandingWatch watch;
    private final String run = UUID.randomUUID().toString();
    private final Instant created = Instant.now();
    private final Instant start;
    private final List<WaywardReceiver> receivers = new ArrayList<>();
    private final List<CompletableFuture<Void>> later = new ArrayList<>();
    private int begun;

    FaultScene(TestStack stack, Instant start) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.watch = new StandingWatch(carillon);
        this.start = start;
    }

    Carillon carillon() {
        return carillon;
    }

    StandingWatch watch() {
        return watch;
    }

    Instant start() {
        return start;
    }

    /** They begin one shortly after the other. */
    Instant next() {
        return start.plus(APART.multipliedBy(begun++));
    }

    /** How often the breaker has opened, after telling the figures. */
    List<Opening> tell(DrillHistory history, String name) {
        List<Opening> openings = watch.openings(name);
        System.out.println(history.figures(openings));
        return openings;
    }

    Drill webhooks(String path) {
        return webhooks(path, url(path));
    }

    Drill webhooks(String what, WaywardReceiver receiver) {
        return webhooks(what, url(receiver));
    }

    Drill webhooks(String what, String url) {
        return Drill.webhooks(carillon, what, url);
    }

    /** Of the local providers, which is a destination like others. */
    String url(String path) {
        return stack.providers() + path(path);
    }

    private String path(String path) {
        return "/webhooks/drill-" + run + "/" + path;
    }

    static String url(WaywardReceiver receiver) {
        return url(receiver.port());
    }

    static String url(int port) {
        return url("127.0.0.1", port);
    }

    static String url(String host, int port) {
        return "http://" + host + ":" + port + "/hooks";
    }

    static String secure(WaywardReceiver receiver) {
        return "https://127.0.0.1:" + receiver.port() + "/hooks";
    }

    /** One that the services do not find until {@code HostsFile} is given an address for it. */
    String name(String what) {
        return what + "-" + run + ".test";
    }

    /** @param prefix one for each */
    String withoutAddress(String prefix) {
        return "http://" + prefix + run + ".invalid/hooks";
    }

    void fault(String path, JsonObject fault, Instant until) {
        carillon.faults()
                .inject(fault.put("channel", "webhook")
                        .put("path", path(path))
                        .put("for", Duration.between(Instant.now(), until).toString()));
    }

    /** Is done then, if all of this is not over before. */
    synchronized void at(Instant instant, Runnable action) {
        long millis = Duration.between(Instant.now(), instant).toMillis();
        later.add(CompletableFuture.runAsync(action, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)));
    }

    RefusalCount refused() {
        return new RefusalCount(stack.delivery());
    }

    ServiceLog log() {
        return new ServiceLog(stack.log(ServiceName.DELIVERY));
    }

    Map<String, List<Boolean>> webhookCalls(Drill drill) {
        return drill.callsOf(carillon.callsSince(created, Way.WEBHOOK), call -> call.getJsonObject("headers")
                .getString("webhook-id"));
    }

    Map<String, List<Boolean>> mailCalls(Drill drill) {
        // <message.generation@carillon>
        Function<JsonObject, String> message =
                call -> call.getString("messageId").substring(1).split("\\.", 2)[0];
        return drill.callsOf(carillon.callsSince(created, Way.EMAIL), message);
    }

    WaywardReceiver receiver(Misbehaviour misbehaviour, Instant until) throws IOException {
        return kept(WaywardReceiver.that(misbehaviour, until));
    }

    WaywardReceiver receiverAt(int port) throws IOException {
        return kept(WaywardReceiver.at(
                new ServerSocket(port, 200, InetAddress.getLoopbackAddress()), Misbehaviour.NONE, start));
    }

    /** The one that is {@link Inside}, if there can be one. */
    List<WaywardReceiver> receiversInside() throws IOException {
        return Inside.isHere()
                ? List.of(kept(WaywardReceiver.at(
                        new ServerSocket(Inside.PORT, 200, Inside.ADDRESS), Misbehaviour.NONE, start)))
                : List.of();
    }

    /** With a certificate that nobody vouches for. */
    WaywardReceiver selfSigned() throws IOException {
        var server = SelfSigned.of("ip:127.0.0.1")
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return kept(WaywardReceiver.at(server, Misbehaviour.NONE, start));
    }

    private synchronized WaywardReceiver kept(WaywardReceiver receiver) {
        receivers.add(receiver);
        return receiver;
    }

    @Override
    public synchronized void close() throws IOException {
        watch.close();
        later.forEach(one -> one.cancel(false));
        RunningStack.RELAY.works();
        for (WaywardReceiver one : receivers) {
            one.close();
        }
    }
}
