package dev.carillon.relay.http;

import dev.carillon.relay.OutboxState.LaneSummary;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every source as it stands. */
@RegisterForReflection
public record OutboxView(List<SourceView> sources) {

    /**
     * @param backlog of all lanes
     * @param waitingFor topics that events wait for, each with why
     * @param foreign why nothing is published until the source is adopted; absent when it is as it was
     */
    @RegisterForReflection
    public record SourceView(
            String source,
            boolean paused,
            long backlog,
            @Nullable Duration oldestUnpublishedAge,
            long parked,
            double publishedPerSecond,
            Map<String, String> waitingFor,
            List<LaneView> lanes,
            @Nullable String foreign,
            @Nullable String unavailable) {}

    /**
     * @param owner the relay whose lease counts; absent when nobody's does
     * @param backlog counts end at 10000
     * @param publishedPerSecond over the last seconds, as far as this relay did it
     */
    @RegisterForReflection
    public record LaneView(
            int lane,
            @Nullable String owner,
            long backlog,
            @Nullable Duration oldestUnpublishedAge,
            double publishedPerSecond) {
        static LaneView of(LaneSummary summary, double rate) {
            return new LaneView(summary.lane().number(), summary.owner(), summary.backlog(), summary.oldestAge(), rate);
        }
    }
}
