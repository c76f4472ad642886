package dev.carillon.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.security.StringPermission;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopesTest {
    @ParameterizedTest(name = "{0} allows {1}:{2} is {3}")
    @CsvSource({
        "*,              messages, write, true",
        "*,              api-keys, admin, true",
        "messages:write, messages, write, true",
        "messages:write, messages, read,  false",
        "messages:*,     messages, read,  true",
        "messages:*,     messagess, read, false",
        "messages:read,  deliveries, read, false",
        "api-keys:read,  api-keys, admin, false",
    })
    void an_api_key_may_do_what_its_scopes_name_and_nothing_else(
            String scope, String what, String action, boolean allowed) {
        assertThat(Scopes.allow(Set.of(scope), new StringPermission(what, action)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest(name = "{0} may {1} is {2}")
    @CsvSource({
        "viewer,   read,  true", "viewer,   write, false", "viewer,   admin, false",
        "operator, read,  true", "operator, write, true", "operator, admin, false",
        "admin,    read,  true", "admin,    write, true", "admin,    admin, true",
        "stranger, read,  false", "stranger, admin, false",
    })
    void a_viewer_reads_an_operator_also_writes_and_an_admin_does_everything(
            String group, String action, boolean allowed) {
        assertThat(Scopes.groupsAllow(Set.of(group), new StringPermission("messages", action)))
                .isEqualTo(allowed);
    }
}
