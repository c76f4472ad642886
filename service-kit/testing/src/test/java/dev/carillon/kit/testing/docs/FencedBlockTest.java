package dev.carillon.kit.testing.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencedBlockTest {

    private final Path folder;

    FencedBlockTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void blocks_are_found_with_their_language_their_place_and_what_stands_in_them() throws IOException {
        Path page = page("""
                Ask:

                ```sh
                curl a \\
                     -d '{}'
                ```

                1. And then:

                   ```
                   GET b
                     c
                   ```
                """);

        assertThat(FencedBlock.of(page, "page.md"))
                .containsExactly(
                        new FencedBlock("page.md", 3, "sh", "curl a \\\n     -d '{}'"),
                        new FencedBlock("page.md", 10, "", "GET b\n  c"));
    }

    @Test
    void a_block_that_is_never_closed_is_told() throws IOException {
        Path page = page("```sh\ncurl a\n");

        assertThatThrownBy(() -> FencedBlock.of(page, "page.md")).hasMessage("page.md:1 is never closed");
    }

    private Path page(String text) throws IOException {
        return Files.writeString(folder.resolve("page.md"), text);
    }
}
