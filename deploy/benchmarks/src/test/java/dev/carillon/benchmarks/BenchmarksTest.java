package dev.carillon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarksTest {

    private static final Pattern BENCHMARK = Pattern.compile("deploy/benchmarks/run (\\w+)((?: \\[[^]]+])+)");
    private static final Pattern SETTING = Pattern.compile("(\\w+)=");
    private static final String OF_ALL_ON_THE_STACK = "warm";

    @Test
    void a_setting_that_the_benchmark_does_not_know_is_refused_by_name_with_those_that_it_knows() {
        assertThatThrownBy(() -> Benchmarks.measurement(List.of("lateness", "rate=50", "others=200000")))
                .isInstanceOf(Refusal.class)
                .hasMessage("lateness does not know others, only rate, seconds, pending, held, warm");
    }

    @Test
    void a_setting_of_another_benchmark_is_refused_unless_both_are_measured() {
        assertThatThrownBy(() -> Benchmarks.measurement(List.of("now", "clients=8")))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("now does not know clients");
        assertThatCode(() -> Benchmarks.measurement(List.of("stack", "clients=8", "rate=50", "messages=10")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("benchmarksOfTheUsage")
    void a_benchmark_knows_what_the_usage_says_and_nothing_else(String benchmark, Set<String> settings) {
        assertThatThrownBy(() -> Benchmarks.measurement(List.of(benchmark, "nonsense=1")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(known(refusal)).isEqualTo(settings));
    }

    static Stream<Arguments> benchmarksOfTheUsage() {
        return BENCHMARK
                .matcher(Benchmarks.USAGE)
                .results()
                .map(benchmark -> Arguments.of(benchmark.group(1), settings(benchmark)));
    }

    private static Set<String> settings(MatchResult benchmark) {
        return SETTING.matcher(benchmark.group(2))
                .results()
                .map(setting -> setting.group(1))
                .filter(setting -> !setting.equals(OF_ALL_ON_THE_STACK))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> known(Refusal refusal) {
        String message = String.valueOf(refusal.getMessage());
        Set<String> known = new TreeSet<>(List.of(message.split(", only ", -1)[1].split(", ", -1)));
        known.remove(OF_ALL_ON_THE_STACK);
        return known;
    }

    @ParameterizedTest
    @CsvSource({
        "lateness,rate=fast,rate is to be a whole number",
        "lateness,rate=,rate is to be a whole number",
        "lateness,rate,rate is to be a whole number",
        "lateness,held=maybe,held is to be yes or no",
        "relay,held,held is to be yes or no",
        "relay,only=cold,only is to be backlog or steady or hot",
        "create,ahead=1h,ahead is to be a duration such as PT1H"
    })
    void a_value_that_is_none_is_refused_by_the_settings_name(String benchmark, String setting, String message) {
        assertThatThrownBy(() -> Benchmarks.measurement(List.of(benchmark, setting)))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lateness pending=200000 held=yes", "relay held=no only=hot", "create ahead=PT2H"})
    void what_it_knows_is_taken(String run) {
        assertThatCode(() -> Benchmarks.measurement(List.of(run.split(" ", -1))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "speed", "speed rate=1"})
    void where_there_is_no_such_benchmark_the_usage_is_told(String run) {
        assertThatThrownBy(() -> Benchmarks.measurement(List.of(run.split(" ", -1))))
                .isInstanceOf(Refusal.class)
                .hasMessage(Benchmarks.USAGE);
    }

    @Test
    void without_arguments_the_usage_is_told() {
        assertThatThrownBy(() -> Benchmarks.measurement(List.of())).hasMessage(Benchmarks.USAGE);
    }
}
