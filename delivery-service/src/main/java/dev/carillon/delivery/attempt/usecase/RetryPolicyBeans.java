package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.RetryPolicies;
import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Channels;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.HashMap;
import java.util.List;

/** Reads the retry policies of the settings when the service starts: one that is none refuses the start, and not the first result. */
@Singleton
class RetryPolicyBeans {
    /** Before any attempt begins. */
    @Produces
    @Singleton
    @Startup(Interceptor.Priority.PLATFORM_BEFORE)
    RetryPolicies policies(DeliverySettings settings, Channels channels) {
        var retry = settings.retry();
        var own = new HashMap<String, List<String>>();
        // What is set to nothing counts as not set; its channel has to be one all the same.
        retry.channels().forEach((channel, its) -> own.put(channel, its.waits().orElse(retry.waits())));
        return RetryPolicies.parse(
                retry.waits(), own, channels.all().stream().map(Channel::name).toList());
    }
}
