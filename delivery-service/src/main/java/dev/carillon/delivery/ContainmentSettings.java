package dev.carillon.delivery;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What keeps a failing provider's failure its own. */
@ConfigMapping(prefix = "carillon.containment")
public interface ContainmentSettings {
    /** How many instances of delivery there are: each takes its share of the rates. */
    @WithDefault("1")
    int instances();

    Breaker breaker();

    RetryBudget retryBudget();

    OpenCalls openCalls();

    Rates rates();

    Pause pause();

    ResolverPause resolverPause();

    /** How much content the open calls may hold in memory; one that is larger goes alone in its channel. */
    @WithDefault("64M")
    MemorySize contentMemory();

    Shares shares();

    /** How many webhook receivers, and how many chats, are remembered at once; whichever has not been called for longest is forgotten. */
    @WithDefault("20000")
    int receivers();

    /** How much of the places for open calls and of the content memory one may have, as a part of the whole, which is 1; so the others' calls find room, however many hang. */
    interface Shares {
        /** How much a webhook address may have of what it has itself and what is free in its channel, together: alone half of it, and less the more is in use. 1 sets no bound. */
        @WithDefault("0.5")
        double receiver();

        /** Likewise, how much a tenant may have in each channel. */
        @WithDefault("0.75")
        double tenant();

        /** How much of the content memory each channel has for itself; the rest is for all of them. At most a third, since there are three. */
        @WithDefault("0.125")
        double channel();
    }

    /** When calls to a provider, a webhook address or a host are stopped, and how it is found out that they work again. */
    interface Breaker {
        /** Over which time calls are counted. */
        @WithDefault("PT30S")
        Duration window();

        /** How many calls there must be in it. */
        @WithDefault("10")
        int leastCalls();

        /** The share of failures from which on it opens; above 1 it never does. */
        @WithDefault("0.5")
        double failureRate();

        /** From which length on a call is slow, its wait for a connection not counted. */
        @WithDefault("PT5S")
        Duration slowCall();

        /** The share of slow calls from which on it opens; above 1 it never does. */
        @WithDefault("0.9")
        double slowRate();

        /** How long it is open at first, doubled each time. */
        @WithDefault("PT5S")
        Duration firstOpen();

        /** How long it is open at most. */
        @WithDefault("PT1M")
        Duration longestOpen();

        /** How many calls at once find out whether it can be closed. */
        @WithDefault("3")
        int probes();
    }

    /** How many retries a provider, a webhook address, or all addresses of a tenant at one host together get. */
    interface RetryBudget {
        /** How many retries each first attempt adds. */
        @WithDefault("0.2")
        double ratio();

        /** How many retries each second adds in any case. */
        @WithDefault("1")
        double floor();

        /** How many retries are kept at most. */
        @WithDefault("500")
        double most();
    }

    /** How many calls may stand open, from their intent to their end; most of many are waiting for a connection. */
    interface OpenCalls {
        /** How many of a channel: to all webhook addresses together, to one relay or bot. */
        @WithDefault("30000")
        int channel();

        /** How many to one webhook address, or to one relay or bot, which is bound by both; fewer, when it answers so slowly that so many would not end in time. */
        @WithDefault("15000")
        int receiver();
    }

    /** What providers take, all instances together. */
    interface Rates {
        /** Calls to Telegram a second, by each bot. */
        @WithDefault("30")
        int telegram();

        /** Messages to one chat a second. */
        @WithDefault("1")
        int telegramChat();

        /** Messages to one group a minute. */
        @WithDefault("20")
        int telegramGroup();

        /** E-mails a second, such as Amazon SES grants them to an account; without it, no limit. */
        Optional<Integer> email();

        /** Calls to one webhook address a second; without it, no limit. */
        Optional<Integer> endpoint();
    }

    /** For how long one is left alone that says 429, or {@code Retry-After}. */
    interface Pause {
        /** How long when it does not say. */
        @WithDefault("PT1S")
        Duration first();

        /** How long at most, whatever it asks for. */
        @WithDefault("PT1H")
        Duration longest();
    }

    /** How long a webhook waits, at random from half of it on, that was not called because too many other names were being looked up. */
    interface ResolverPause {
        /** How long at first; doubled each time. */
        @WithDefault("PT10S")
        Duration first();

        /** How long at most; what is not called after that either is an attempt that has failed, each time. */
        @WithDefault("PT5M")
        Duration longest();
    }
}
