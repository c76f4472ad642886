package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LinksTest {
    @Test
    void every_link_between_documents_leads_somewhere() {
        assertThat(Links.documents()).hasSizeGreaterThan(40).allSatisfy(document -> assertThat(Links.broken(document))
                .isEmpty());
    }

    @Test
    void a_link_that_leads_nowhere_is_seen() {
        Path document = Repository.ROOT.resolve("docs/start.md");
        assertThat(Links.broken(document, "[a](missing.md) [b](concepts.md#missing) [c](concepts.md) <https://a.test>"))
                .containsExactly("docs/start.md: missing.md", "docs/start.md: concepts.md#missing");
        assertThat(Links.anchors("# A `b.c` or two\n\n## Two\n\n```\n# none\n```\n\n## Two\n"))
                .containsExactlyInAnyOrder("a-bc-or-two", "two", "two-1");
    }
}
