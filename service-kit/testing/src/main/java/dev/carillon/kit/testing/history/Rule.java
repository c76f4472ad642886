package dev.carillon.kit.testing.history;

/** What is promised. A {@link Finding} is a breach of one of these. */
public enum Rule {
    /** Every committed event appears on its topic, unless it is parked. */
    COMMITTED_IS_PUBLISHED,
    /** Nothing appears that was not committed, and nothing on another topic than its own. */
    ONLY_COMMITTED_IS_PUBLISHED,
    /** The first deliveries of a key's events come in the order of their commits. */
    FIRST_DELIVERIES_IN_ORDER,
    /** While an event is parked, no later one of its key passes it. */
    PARKED_IS_NOT_OVERTAKEN,
    /** An event comes again only if it was in flight at a fault, and not more often than those faults explain. */
    REPEATS_HAVE_A_FAULT,
    /** Whatever was published has its effect in the database of everyone who consumes its topic. */
    PUBLISHED_HAS_ITS_EFFECT,
    /** However often an event is delivered, it has one effect with each consumer. */
    ONE_EFFECT,
    /** No effect without a committed event. */
    EFFECT_HAS_ITS_EVENT
}
