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

    /** How long the relay's lanes are leased: must equal its {@code carillon.relay.lease}. The lead is checked against it at start. */
    @WithDefault("PT4S")
    Duration relayLease();

    /** When Kafka gives up a consumer: must equal the consumers' {@code session.timeout.ms}. The lead is checked against it at start. */
    @WithDefault("PT6S")
    Duration sessionTimeout();

    /**
     * As whom the e-mails of the tenant {@code <tenant>} may be sent and answered ({@code from}, {@code replyTo}): addresses, or all of a domain as
     * {@code @example.org}. Without it both are refused, and its mail has delivery's own sender.
     */
    Map<String, List<String>> senders();

    /**
     * How long before its instant a message is staged, which is to hand it over to delivery. At least {@code carillon.scheduler.relay-lease},
     * {@code carillon.scheduler.session-timeout} and 10 s together, or the service does not start.
     */
    @WithDefault("PT30S")
    Duration lead();

    /** How long before it is staged an occurrence of a recurring schedule becomes a message. */
    @WithDefault("PT30S")
    Duration runAhead();

    /** How late an occurrence of a recurring schedule may be until it was missed, and its misfire policy decides. */
    @WithDefault("PT1M")
    Duration misfireAfter();

    /** How long after its instant a staged message that delivery has not accepted is staged again, and how often from then on. */
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

    /** How many creates wait for their commit at most; more are answered 503. */
    @WithDefault("5000")
    int createQueue();

    /** How many streams ({@code GET /v1/messages/…/events}) may be open at once; more are answered 503. */
    @WithDefault("10000")
    int streams();

    /** How many streams may be one tenant's; more are answered 503. */
    @WithDefault("2000")
    int streamsOfTenant();

    /** How long after a message's end its recipient, content, metadata and error are kept; then they say {@code redacted}. */
    @WithDefault("P30D")
    Duration contentRetention();

    /** How long after its end a message is kept at all; not shorter than {@code carillon.scheduler.content-retention}, or the service does not start. */
    @WithDefault("P400D")
    Duration historyRetention();

    /** How long a stopping node waits for what it is firing. */
    @WithDefault("PT10S")
    Duration stopPatience();
}
