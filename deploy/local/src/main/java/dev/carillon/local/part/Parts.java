package dev.carillon.local.part;

import dev.carillon.local.ServiceName;
import dev.carillon.local.StackFailure;
import dev.carillon.local.process.RunningProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The whole topology: what is started, in this order.
 *
 * @param inOrder of their start
 * @param absent services that are not built, and were not asked for by name
 */
public record Parts(List<Part> inOrder, List<ServiceName> absent) {

    /** @throws StackFailure when a service that was asked for by name is not built */
    public static Parts of(Stack stack) {
        var parts =
                new ArrayList<Part>(List.of(new PostgresPart(stack), new KafkaPart(stack), new ProvidersPart(stack)));
        var absent = new ArrayList<ServiceName>();
        for (ServiceName service : stack.options().services()) {
            if (new ServiceBuild(stack.options(), service).exists()) {
                parts.addAll(instances(stack, service));
            } else if (stack.options().explicit()) {
                throw new StackFailure(
                        service.label() + " is not built: there is nothing to run in " + service.module() + ".");
            } else {
                absent.add(service);
            }
        }
        return new Parts(parts, absent);
    }

    private static List<Part> instances(Stack stack, ServiceName service) {
        var instances = new ArrayList<Part>();
        for (int instance = 1; instance <= stack.options().instances(); instance++) {
            Consumer<RunningProcess> completion = instance == 1 ? completion(stack, service) : process -> {};
            instances.add(new ServicePart(stack, service, instance, completion));
        }
        return instances;
    }

    private static Consumer<RunningProcess> completion(Stack stack, ServiceName service) {
        return switch (service) {
            case SCHEDULER -> new ApiKeys(stack)::ensure;
            case OUTBOX_RELAY ->
                relay -> new ApiKeys(stack)
                        .awaitKnownTo(stack.options().services().stream()
                                .filter(one -> new ServiceBuild(stack.options(), one).exists())
                                .toList());
            case DELIVERY, BOOKING -> process -> {};
        };
    }
}
