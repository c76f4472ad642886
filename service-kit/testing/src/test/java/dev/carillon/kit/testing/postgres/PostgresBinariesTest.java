package dev.carillon.kit.testing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {

    private final Path cache;

    PostgresBinariesTest(@TempDir Path cache) {
        this.cache = cache;
    }

    @Test
    void concurrent_unpackers_end_with_one_whole_folder() throws IOException {
        var unpackers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> PostgresBinaries.under(cache)))
                .limit(2)
                .toList();
        var homes = unpackers.stream().map(CompletableFuture::join).distinct().toList();

        assertThat(homes).hasSize(1);
        assertThat(homes.getFirst().postgres()).isExecutable();
        assertThat(homes.getFirst().initdb()).isExecutable();
        try (var left = Files.list(cache)) {
            assertThat(left).hasSize(1);
        }
    }
}
