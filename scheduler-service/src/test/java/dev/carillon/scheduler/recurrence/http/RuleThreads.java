package dev.carillon.scheduler.recurrence.http;

import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.Rules;
import io.vertx.core.Context;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers of each rule whether it was ever read on an event loop. */
@Decorator
@Priority(1)
class RuleThreads implements Rules {
    private static final Map<String, Set<Boolean>> ON_EVENT_LOOP = new ConcurrentHashMap<>();

    private final Rules rules;

    @Inject
    RuleThreads(@Any @Delegate Rules rules) {
        this.rules = rules;
    }

    @Override
    public Reading read(Rule rule, LocalDateTime start, ZoneId zone) {
        ON_EVENT_LOOP
                .computeIfAbsent(rule.text(), text -> ConcurrentHashMap.newKeySet())
                .add(Context.isOnEventLoopThread());
        return rules.read(rule, start, zone);
    }

    static Set<Boolean> forget(String rule) {
        var seen = ON_EVENT_LOOP.remove(rule);
        return seen == null ? Set.of() : seen;
    }
}
