package dev.carillon.kit.testing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.kit.testing.process.FreePort;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnprivilegedTest {

    private final Path folder;

    UnprivilegedTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void some_way_works_on_this_machine() {
        assertThat(Unprivileged.here()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(classes = {Unprivileged.InUserNamespace.class, Unprivileged.AsNobody.class})
    void root_can_serve_a_cluster_either_way(Class<? extends Unprivileged> way) throws ReflectiveOperationException {
        Unprivileged user = way.getDeclaredConstructor().newInstance();
        assumeTrue(!(Unprivileged.here() instanceof Unprivileged.AsIs), "only root needs this");
        assumeTrue(Unprivileged.works(user), way + " is not possible here");
        var cluster = PostgresCluster.as(user, folder.resolve("data"));

        for (int start = 0; start < 2; start++) {
            try (var server = PostgresServer.start(cluster, FreePort.any(), "secret", folder.resolve("log"))) {
                assertThat(server.isAlive()).isTrue();
            }
        }
    }
}
