package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.telemetry.EndedSpans;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Vertx vertx = Vertx.vertx();
    private final EndedSpans ended = new EndedSpans();
    private final OpenTelemetry telemetry = ended.telemetry();
    private final List<List<Integer>> committed = Collections.synchronizedList(new ArrayList<>());
    private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void a_lone_request_is_committed_at_once() {
        var groups = groups(10, 1, this::squares);
        assertThat(groups.submit(7).await().atMost(PATIENCE)).isEqualTo(49);
    }

    @Test
    void what_comes_while_a_group_is_committed_shares_the_next_commit_and_each_gets_its_own_answer() {
        var groups = groups(10, 1, group -> held().chain(() -> squares(group)));
        var answers = submitAll(groups, IntStream.rangeClosed(1, 8).boxed().toList());
        release();
        release();

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(1, 4, 9, 16, 25, 36, 49, 64);
        assertThat(committed).containsExactly(List.of(1), List.of(2, 3, 4, 5, 6, 7, 8));
    }

    @Test
    void the_first_of_a_group_waits_for_others_where_it_is_told_to_gather() {
        var limits = new GroupCommit.Limits(10, 1, 20, PATIENCE, Duration.ofMillis(50));
        var groups = groups(limits, this::squares);
        var answers = new CompletableFuture<List<CompletableFuture<Integer>>>();
        // The timer is of the loop that submits, and cannot fire before all have been submitted.
        vertx.runOnContext(ignored -> answers.complete(submitAll(groups, List.of(1, 2, 3))));
        assertThat(answers.join().stream().map(CompletableFuture::join)).containsExactly(1, 4, 9);
        assertThat(committed).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void a_full_group_waits_for_nobody() {
        var limits = new GroupCommit.Limits(2, 1, 20, PATIENCE, Duration.ofHours(1));
        var answers = submitAll(groups(limits, this::squares), List.of(1, 2, 3));
        assertThat(answers.get(1).join()).isEqualTo(4);
        assertThat(committed).containsExactly(List.of(1, 2));
    }

    @Test
    void groups_have_at_most_the_size_and_the_number_allowed() {
        var groups = groups(3, 2, group -> held().chain(() -> squares(group)));
        var answers = submitAll(groups, IntStream.rangeClosed(1, 10).boxed().toList());
        await().until(() -> held.size() == 2);
        while (answers.stream().anyMatch(answer -> !answer.isDone())) {
            assertThat(held).hasSizeLessThanOrEqualTo(2);
            var next = held.poll();
            if (next != null) {
                next.run();
            }
        }
        assertThat(committed).allMatch(group -> group.size() <= 3).hasSizeGreaterThan(3);
    }

    @Test
    void one_bad_item_fails_alone() {
        var groups = groups(10, 1, group -> held().chain(() -> refuse13(group)));
        var answers = submitAll(groups, List.of(1, 2, 13, 4));
        release();
        await().until(() -> !held.isEmpty() || answers.stream().allMatch(CompletableFuture::isDone));
        while (answers.stream().anyMatch(answer -> !answer.isDone())) {
            var next = held.poll();
            if (next != null) {
                next.run();
            }
        }

        assertThat(answers.get(0).join()).isEqualTo(1);
        assertThat(answers.get(1).join()).isEqualTo(4);
        assertThatThrownBy(answers.get(2)::join).hasMessageContaining("13 is refused");
        assertThat(answers.get(3).join()).isEqualTo(16);
    }

    @Test
    void while_the_database_is_away_all_fail_at_once_and_nothing_is_tried_twice() {
        var groups = groups(10, 1, group -> {
            committed.add(group);
            return held().chain(() -> Uni.createFrom().failure(new IOException("away")));
        });
        var answers = submitAll(groups, List.of(1, 2, 3));
        release();
        release();

        answers.forEach(answer -> assertThatThrownBy(answer::join).hasRootCauseInstanceOf(IOException.class));
        assertThat(committed).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void a_commit_that_throws_fails_its_request_and_the_next_one_goes_on() {
        var groups = groups(10, 1, group -> {
            if (group.contains(13)) {
                throw new IllegalStateException("thrown");
            }
            return squares(group);
        });
        var failed = groups.submit(13).subscribeAsCompletionStage();
        assertThatThrownBy(failed::join).hasMessageContaining("thrown");
        assertThat(groups.submit(2).await().atMost(PATIENCE)).isEqualTo(4);
    }

    @Test
    void more_than_may_wait_is_refused_at_once_and_the_others_go_on() {
        var groups = groups(
                new GroupCommit.Limits(1, 1, 2, PATIENCE, Duration.ZERO), group -> held().chain(() -> squares(group)));
        var answers = submitAll(groups, List.of(1, 2, 3, 4));
        assertThatThrownBy(answers.getLast()::join).hasRootCauseInstanceOf(Overloaded.class);
        release();
        release();
        release();
        assertThat(answers.subList(0, 3).stream().map(CompletableFuture::join)).containsExactly(1, 4, 9);
    }

    @Test
    void a_request_whose_caller_has_gone_is_left_out() {
        var groups = groups(10, 1, group -> held().chain(() -> squares(group)));
        var answers = submitAll(groups, List.of(1, 2, 3));
        answers.get(1).cancel(true);
        release();
        release();
        assertThat(answers.get(2).join()).isEqualTo(9);
        assertThat(committed).containsExactly(List.of(1), List.of(3));
    }

    @Test
    void a_commit_that_never_answers_fails_its_group_and_lets_the_next_one_go() {
        var answering = new AtomicBoolean();
        var groups = groups(
                new GroupCommit.Limits(10, 1, 20, Duration.ofMillis(200), Duration.ZERO),
                group -> answering.get() ? squares(group) : Uni.createFrom().nothing());
        var unanswered = submitAll(groups, List.of(1));
        assertThatThrownBy(unanswered.getFirst()::join)
                .satisfies(failure -> assertThat(Outages.isOutage(failure)).isTrue());
        answering.set(true);
        assertThat(groups.submit(2).await().atMost(PATIENCE)).isEqualTo(4);
    }

    @Test
    void each_is_answered_on_the_context_that_asked() {
        var groups = groups(10, 1, this::squares);
        var asked = vertx.getOrCreateContext();
        var answeredOn = new CompletableFuture<Object>();
        asked.runOnContext(ignored -> groups.submit(1)
                .subscribe()
                .with(answer -> answeredOn.complete(Vertx.currentContext()), answeredOn::completeExceptionally));
        assertThat(answeredOn.join()).isSameAs(asked);
    }

    @Test
    void a_group_of_several_has_a_trace_of_its_own_that_leads_to_those_of_its_requests() {
        var groups = groups(10, 1, group -> held().chain(() -> squares(group)));
        var alone = groups.submit(1, cause(1)).subscribeAsCompletionStage();
        var second = groups.submit(2, cause(2)).subscribeAsCompletionStage();
        var untraced = groups.submit(3).subscribeAsCompletionStage();
        var third = groups.submit(4, cause(4)).subscribeAsCompletionStage();
        release();
        alone.join();
        release();
        second.join();
        untraced.join();
        third.join();

        await().untilAsserted(() -> assertThat(ended.spans).hasSize(1));
        var group = ended.spans.getFirst();
        assertThat(group.getName()).isEqualTo("commit squares");
        assertThat(group.getParentSpanContext().isValid()).isFalse();
        assertThat(group.getAttributes().get(AttributeKey.longKey("carillon.group.size")))
                .isEqualTo(3);
        assertThat(group.getLinks())
                .extracting(link -> link.getSpanContext().getTraceId())
                .containsExactly(cause(2).traceId(), cause(4).traceId());
    }

    @Test
    void a_request_links_to_the_span_that_is_active_when_it_is_made() {
        var groups = groups(10, 1, group -> held().chain(() -> squares(group)));
        var first = groups.submit(1).subscribeAsCompletionStage();
        var span = telemetry.getTracer("test").spanBuilder("request").startSpan();
        var others = new ArrayList<CompletableFuture<Integer>>();
        try (var active = span.makeCurrent()) {
            others.add(groups.submit(2).subscribeAsCompletionStage());
            others.add(groups.submit(3).subscribeAsCompletionStage());
        }
        release();
        first.join();
        release();
        others.forEach(CompletableFuture::join);

        await().untilAsserted(() -> assertThat(ended.named("commit squares")).hasSize(1));
        assertThat(ended.spans.getFirst().getLinks()).hasSize(2).allSatisfy(link -> assertThat(
                        link.getSpanContext().getSpanId())
                .isEqualTo(span.getSpanContext().getSpanId()));
    }

    @Test
    void what_a_group_does_is_part_of_its_span_and_for_a_lone_request_of_what_that_came_of() {
        var active = new ConcurrentLinkedQueue<SpanContext>();
        var groups = groups(10, 1, group -> {
            active.add(Span.current().getSpanContext());
            return held().chain(() -> squares(group));
        });
        var alone = groups.submit(1, cause(1)).subscribeAsCompletionStage();
        var others = List.of(
                groups.submit(2, cause(2)).subscribeAsCompletionStage(),
                groups.submit(3, cause(3)).subscribeAsCompletionStage());
        release();
        alone.join();
        release();
        others.forEach(CompletableFuture::join);
        var untraced = groups.submit(4, TraceContext.NONE).subscribeAsCompletionStage();
        release();
        untraced.join();

        await().untilAsserted(() -> assertThat(ended.named("commit squares")).hasSize(1));
        assertThat(active)
                .extracting(SpanContext::getTraceId)
                .containsExactly(
                        String.valueOf(cause(1).traceId()),
                        ended.spans.getFirst().getTraceId(),
                        SpanContext.getInvalid().getTraceId());
    }

    @Test
    void one_that_is_tried_alone_after_its_group_has_failed_is_in_its_own_trace_again() {
        var active = new ConcurrentLinkedQueue<String>();
        var groups = groups(10, 1, group -> {
            active.add(group.size() + " " + Span.current().getSpanContext().getTraceId());
            return group.size() == 1 && group.contains(1) ? held().chain(() -> squares(group)) : refuse13(group);
        });
        var first = groups.submit(1, cause(1)).subscribeAsCompletionStage();
        var good = groups.submit(2, cause(2)).subscribeAsCompletionStage();
        var bad = groups.submit(13, cause(3)).subscribeAsCompletionStage();
        release();
        first.join();
        assertThat(good.join()).isEqualTo(4);
        assertThatThrownBy(bad::join).hasMessageContaining("13 is refused");

        assertThat(active).contains("1 " + cause(1).traceId(), "1 " + cause(2).traceId(), "1 " + cause(3).traceId());
    }

    private static TraceContext cause(int number) {
        return TraceContext.of("%032x".formatted(0xabc0 + number), "%016x".formatted(0xdef0 + number));
    }

    private GroupCommit<Integer, Integer> groups(
            int largest, int concurrent, Function<List<Integer>, Uni<List<Integer>>> commit) {
        return groups(new GroupCommit.Limits(largest, concurrent, 20, PATIENCE, Duration.ZERO), commit);
    }

    private GroupCommit<Integer, Integer> groups(
            GroupCommit.Limits limits, Function<List<Integer>, Uni<List<Integer>>> commit) {
        return new GroupCommit<>(vertx, new Traces(telemetry), "squares", limits, commit);
    }

    private Uni<List<Integer>> squares(List<Integer> group) {
        committed.add(group);
        return Uni.createFrom().item(group.stream().map(n -> n * n).toList());
    }

    private Uni<List<Integer>> refuse13(List<Integer> group) {
        return group.contains(13)
                ? Uni.createFrom().failure(new IllegalArgumentException("13 is refused"))
                : squares(group);
    }

    private Uni<Void> held() {
        return Uni.createFrom().emitter(emitter -> held.add(() -> emitter.complete(null)));
    }

    private void release() {
        await().until(() -> !held.isEmpty());
        held.remove().run();
    }

    private static List<CompletableFuture<Integer>> submitAll(
            GroupCommit<Integer, Integer> groups, List<Integer> requests) {
        return requests.stream()
                .map(request -> groups.submit(request).subscribeAsCompletionStage())
                .toList();
    }
}
