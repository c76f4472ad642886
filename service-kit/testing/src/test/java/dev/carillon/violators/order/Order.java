package dev.carillon.violators.order;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** As it should be: java.*, JSpecify and its own. */
public record Order(List<Line> lines, @Nullable String note) {
    public record Line(String what, int[] counts) {}
}
