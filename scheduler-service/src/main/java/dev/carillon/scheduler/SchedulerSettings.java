package dev.carillon.scheduler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the scheduler can be told. */
@ConfigMapping(prefix = "carillon.scheduler")
public interface SchedulerSettings {
    /** What stays of the lead for the work itself when both have failed. */
    Duration MARGIN = Duration.ofSeconds(10);

    /** The relay's lane lease, which the lead must outlast: must equal its {@code carillon.relay.lease}. */
    @WithDefault("PT4S")
    Duration relayLease();

    /** The consumers' session timeout, which the lead must outlast: must equal the consumers' {@code session.timeout.ms}. */
    @WithDefault("PT6S")
    Duration sessionTimeout();

    /** By tenant, as whom its e-mails may be sent and answered: addresses, or all of a domain as {@code @example.org}. */
    Map<String, List<String>> senders();

    /** How long before its instant a message is handed over to delivery. */
    @WithDefault("PT30S")
    Duration lead();

    /** How long before it is staged an occurrence of a recurring schedule becomes a message. */
    @WithDefault("PT30S")
    Duration runAhead();

    /** How late an occurrence of a recurring schedule may be until it was missed, and its misfire policy decides. */
    @WithDefault("PT1M")
    Duration misfireAfter();

    /** How long after its instant a message that delivery has not accepted is handed over again, and how often from then on. */
    @WithDefault("PT1M")
    Duration restageAfter();

    /** How long a cancel request waits for delivery's answer before it is told 202. */
    @WithDefault("PT2S")
    Duration recallPatience();

    /** How many creates share a commit at most. */
    @WithDefault("200")
    int createGroup();

    /** How many groups of creates are committed at once. */
    @WithDefault("4")
    int createGroups();

    /** How many creates wait for their commit at most; more are refused. */
    @WithDefault("5000")
    int createQueue();

    /** How many streams of a message's states may be open at once; more are refused. */
    @WithDefault("10000")
    int streams();

    /** How many of them may be one tenant's. */
    @WithDefault("2000")
    int streamsOfTenant();

    /** How long after a message's end its recipient and content are kept. */
    @WithDefault("P30D")
    Duration contentRetention();

    /** How long after its end a message is kept at all; not shorter than the one before. */
    @WithDefault("P400D")
    Duration historyRetention();

    /** How long a stopping node waits for what it is firing. */
    @WithDefault("PT10S")
    Duration stopPatience();
}
