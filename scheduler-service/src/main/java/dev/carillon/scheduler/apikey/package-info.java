/**
 * API keys: issued once, known by their hash, revoked everywhere by an event on a compacted topic.
 */
@NullMarked
package dev.carillon.scheduler.apikey;

import org.jspecify.annotations.NullMarked;
