package dev.carillon.kit.testing.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsReferenceTest {
    private final MetricsReference reference = MetricsReference.of("""
            | name | type | labels | exported by | from | what |
            |---|---|---|---|---|---|
            | `carillon_calls_total` | counter | channel, outcome | delivery | then | calls |
            | `carillon_lateness_seconds` | histogram | | delivery | at once | lateness |
            | `carillon_held` | gauge | kind | booking | at once | timers |
            | `carillon_held` | gauge | | delivery | at once | timers |
            """);

    private static final String AS_WRITTEN = """
            # HELP carillon_calls_total
            # TYPE carillon_calls_total counter
            carillon_calls_total{channel="email",outcome="a \\"quoted\\" one"} 1.0
            # TYPE carillon_lateness_seconds histogram
            carillon_lateness_seconds_bucket{le="1.0"} 0.0 # {span_id="6e7a",trace_id="e3b1"} 0.7 1795814461.521
            carillon_lateness_seconds_count 0.0
            # TYPE carillon_lateness_seconds_max gauge
            carillon_lateness_seconds_max 0.0
            # TYPE carillon_held gauge
            carillon_held 0.0
            # TYPE jvm_threads gauge
            jvm_threads{state="any"} 3.0
            """;

    @Test
    void what_is_exported_as_it_is_written_down_makes_no_difference() {
        assertThat(reference.differences("delivery", AS_WRITTEN)).isEmpty();
    }

    @Test
    void what_is_not_written_down_or_is_another_type_or_has_other_labels_is_told() {
        assertThat(reference.differences("delivery", AS_WRITTEN.replace("carillon_held", "carillon_hold")))
                .containsExactlyInAnyOrder(
                        "carillon_hold of delivery is not written down",
                        "carillon_held is written down and not exported");
        assertThat(reference.differences("delivery", AS_WRITTEN.replace("histogram", "summary")))
                .containsExactly("carillon_lateness_seconds is a summary, and not a histogram");
        assertThat(reference.differences("delivery", AS_WRITTEN.replace("channel=", "tenant=")))
                .singleElement()
                .asString()
                .contains("[outcome, tenant]");
    }

    @Test
    void the_same_name_may_have_other_labels_in_another_service() {
        assertThat(reference.differences("booking", "# TYPE carillon_held gauge\ncarillon_held{kind=\"hold\"} 1.0\n"))
                .isEmpty();
    }

    @Test
    void queries_know_histograms_by_their_suffixes() {
        assertThat(reference.seriesNames())
                .contains("carillon_lateness_seconds_bucket", "carillon_calls_total")
                .doesNotContain("carillon_lateness_seconds");
        assertThat(reference.labelsOf("carillon_calls_total")).containsExactlyInAnyOrder("channel", "outcome");
    }
}
