/**
 * What clients see of phrases: readings, and the problems that refuse what has none or several. Never chooses between readings.
 */
@NullMarked
package dev.carillon.scheduler.phrase.http;

import org.jspecify.annotations.NullMarked;
