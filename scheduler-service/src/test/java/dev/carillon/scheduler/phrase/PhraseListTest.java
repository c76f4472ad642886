package dev.carillon.scheduler.phrase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.phrase.PhraseList.Entry;
import dev.carillon.scheduler.phrase.PhraseList.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PhraseListTest {
    private static final List<Entry> LIST = PhraseList.read();

    @Test
    void no_phrase_is_given_another_meaning_than_it_has() {
        assertThat(LIST.stream()
                        .filter(entry -> entry.verdict() == Verdict.WRONG)
                        .map(PhraseListTest::told))
                .isEmpty();
    }

    @Test
    void at_least_nine_in_ten_of_the_meaningful_phrases_are_understood_in_every_category() {
        assertThat(LIST).hasSizeGreaterThan(450);
        System.out.println(report());
        byCategory().forEach((category, entries) -> {
            var meaningful = entries.stream().filter(Entry::isMeaningful).toList();
            assertThat(right(meaningful) * 10)
                    .as(category + " " + refused(meaningful))
                    .isGreaterThanOrEqualTo(meaningful.size() * 9L);
        });
    }

    private static String report() {
        var lines = byCategory().entrySet().stream()
                .map(category -> line(category.getKey(), category.getValue()))
                .collect(Collectors.joining("\n"));
        return "| category | phrases | meaningful | understood | wrong | rightly refused |\n|---|---|---|---|---|---|\n"
                + lines + "\n" + line("all", LIST);
    }

    private static String line(String category, List<Entry> entries) {
        var meaningful = entries.stream().filter(Entry::isMeaningful).toList();
        var others = entries.stream().filter(entry -> !entry.isMeaningful()).toList();
        long wrong = entries.stream()
                .filter(entry -> entry.verdict() == Verdict.WRONG)
                .count();
        return "| %s | %d | %d | %d | %d | %d |"
                .formatted(category, entries.size(), meaningful.size(), right(meaningful), wrong, right(others));
    }

    private static Map<String, List<Entry>> byCategory() {
        return LIST.stream().collect(Collectors.groupingBy(Entry::category, LinkedHashMap::new, Collectors.toList()));
    }

    private static long right(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.verdict() == Verdict.RIGHT)
                .count();
    }

    private static List<String> refused(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.verdict() == Verdict.REFUSED)
                .map(Entry::phrase)
                .toList();
    }

    private static String told(Entry entry) {
        return "\"%s\" in %s at %s is %s, not %s"
                .formatted(entry.phrase(), entry.zone(), entry.reference(), entry.meaning(), entry.seen());
    }
}
