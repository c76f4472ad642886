package dev.carillon.local.part;

import dev.carillon.local.ServiceName;
import dev.carillon.local.process.Launch;
import dev.carillon.local.process.RunningProcess;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An instance of one of Carillon's services. */
final class ServicePart implements Part {

    private final Stack stack;
    private final ServiceName service;
    private final ServiceBuild build;
    private final int instance;
    private final Consumer<RunningProcess> completion;

    ServicePart(Stack stack, ServiceName service, int instance, Consumer<RunningProcess> completion) {
        this.stack = stack;
        this.service = service;
        this.build = new ServiceBuild(stack.options(), service);
        this.instance = instance;
        this.completion = completion;
    }

    @Override
    public String name() {
        return instance == 1 ? service.label() : service.label() + "-" + instance;
    }

    @Override
    public List<Integer> ports() {
        return List.of(port());
    }

    @Override
    public Optional<String> reasonToRestart(RunningProcess process) {
        if (isOlderThanItsBuild(process)) {
            return Optional.of("it was an older build");
        }
        return service == ServiceName.OUTBOX_RELAY && new RelaySources(stack).haveChanged()
                ? Optional.of("a service has come since")
                : Optional.empty();
    }

    private boolean isOlderThanItsBuild(RunningProcess process) {
        return process.handle()
                .info()
                .startInstant()
                .filter(build.builtAt()::isAfter)
                .isPresent();
    }

    @Override
    public Launch prepare() {
        if (service == ServiceName.OUTBOX_RELAY) {
            new RelaySources(stack).remember();
        }
        var environment = new ServiceEnvironment(stack).of(service, port());
        return new Launch(name(), build.command(), environment, stack.folder().log(name()));
    }

    @Override
    public void awaitReady(RunningProcess process) {
        new HttpReadiness(port(), "/q/health/ready", stack.folder().log(name())).await(process);
    }

    @Override
    public void complete(RunningProcess process) {
        completion.accept(process);
    }

    private int port() {
        return stack.ports().service(service, instance);
    }
}
