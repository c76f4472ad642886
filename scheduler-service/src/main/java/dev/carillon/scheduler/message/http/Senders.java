package dev.carillon.scheduler.message.http;

import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.SchedulerSettings;
import java.util.List;
import java.util.Locale;

/** As whom a tenant's e-mails may be sent and answered; without any they have the installation's sender. */
record Senders(List<String> allowed) {

    static Senders of(String tenant, SchedulerSettings settings) {
        return new Senders(settings.senders().getOrDefault(tenant, List.of()));
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 when {@code address} is none of them */
    void admit(String pointer, String address) {
        var wanted = address.toLowerCase(Locale.ROOT);
        var domain = wanted.substring(wanted.lastIndexOf('@'));
        if (allowed.stream()
                .map(one -> one.toLowerCase(Locale.ROOT))
                .noneMatch(one -> one.equals(wanted) || one.equals(domain))) {
            throw Faults.named(
                    "sender-refused",
                    "This sender is not allowed",
                    pointer,
                    address + " is none of the addresses that your tenant may write as");
        }
    }
}
