package dev.carillon.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.problem.ProblemException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiKeyMechanismTest {
    private static final String KEY = "ck_a-key-of-the-test";
    private static final UUID ID = UUID.randomUUID();
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    private final ApiKeyDirectory directory = new ApiKeyDirectory();
    private final AtomicBoolean topicIsRead = new AtomicBoolean();
    private final ApiKeyMechanism mechanism =
            new ApiKeyMechanism(directory, new ReadingListener(directory, topicIsRead));

    @Test
    void a_key_that_the_topic_says_was_issued_is_neither_good_nor_bad_until_the_topic_is_read_for_it_may_be_revoked() {
        directory.learn(key(null), 1);
        expectNotReady();
        directory.learn(key(LONG_AGO), 2);
        expectNotReady();
        topicIsRead.set(true);
        expectRefused();
    }

    @Test
    void a_key_that_is_not_revoked_by_the_end_of_the_topic_is_good() {
        directory.learn(key(null), 1);
        topicIsRead.set(true);
        assertThat(caller()).isEqualTo("api-key:" + ID);
    }

    @Test
    void a_key_that_is_not_known_is_bad_when_the_topic_is_read_and_not_before() {
        expectNotReady();
        topicIsRead.set(true);
        expectRefused();
    }

    @Test
    void a_key_that_its_owner_knows_is_good_or_bad_before_the_topic_is_read() {
        directory.learnFromOwner(key(null), 1);
        directory.learn(key(null), 1);
        assertThat(caller()).isEqualTo("api-key:" + ID);
        directory.learnFromOwner(key(LONG_AGO), 2);
        directory.learn(key(null), 1);
        expectRefused();
    }

    @Test
    void a_key_that_the_topic_says_was_revoked_since_its_owner_was_asked_is_not_good() {
        directory.learnFromOwner(key(null), 1);
        directory.learn(key(LONG_AGO), 2);
        expectNotReady();
        topicIsRead.set(true);
        expectRefused();
    }

    @Test
    void a_request_goes_on_in_its_own_context_when_the_topic_was_waited_for() throws Exception {
        directory.learn(key(null), 1);
        topicIsRead.set(true);
        var pollingThread = Executors.newSingleThreadExecutor();
        var waiting = new ApiKeyMechanism(directory, new ReadingListener(directory, topicIsRead) {
            @Override
            public Uni<Boolean> hasReadAll() {
                return super.hasReadAll().runSubscriptionOn(pollingThread);
            }
        });
        var vertx = Vertx.vertx();
        try {
            var request = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
            var goneOnIn = new CompletableFuture<Context>();
            request.runOnContext(begun -> authenticate(waiting)
                    .subscribe()
                    .with(caller -> goneOnIn.complete(Vertx.currentContext()), goneOnIn::completeExceptionally));
            assertThat(goneOnIn.get(10, TimeUnit.SECONDS)).isSameAs(request);
        } finally {
            pollingThread.shutdown();
            vertx.close();
        }
    }

    private void expectNotReady() {
        assertThatThrownBy(this::caller).isInstanceOfSatisfying(ProblemException.class, refusal -> {
            assertThat(refusal.problem().type()).isEqualTo("urn:carillon:problem:not-ready");
            assertThat(refusal.problem().status()).isEqualTo(503);
        });
    }

    private void expectRefused() {
        assertThatThrownBy(this::caller).isInstanceOf(AuthenticationFailedException.class);
    }

    private static Uni<SecurityIdentity> authenticate(ApiKeyMechanism mechanism) {
        var request = giving(HttpServerRequest.class, KEY);
        return mechanism.authenticate(
                giving(RoutingContext.class, request), giving(IdentityProviderManager.class, KEY));
    }

    private String caller() {
        return authenticate(mechanism)
                .await()
                .atMost(Duration.ofSeconds(10))
                .getPrincipal()
                .getName();
    }

    private static ApiKey key(@Nullable Instant revokedAt) {
        return new ApiKey(ID, "acme", "bot", ApiKeyDirectory.hash(KEY), Set.of("messages:write"), null, revokedAt);
    }

    /** One whose every method gives the same. */
    private static <T> T giving(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
    }

    private static class ReadingListener extends ApiKeyListener {
        private final AtomicBoolean topicIsRead;

        ReadingListener(ApiKeyDirectory directory, AtomicBoolean topicIsRead) {
            super(directory, new ObjectMapper(), giving(KafkaClientService.class, KEY));
            this.topicIsRead = topicIsRead;
        }

        @Override
        public Uni<Boolean> hasReadAll() {
            return Uni.createFrom().item(topicIsRead.get());
        }
    }
}
