/**
 * How long the scheduler takes to read a phrase, by the list of phrases that its tests hold the grammar to.
 */
@NullMarked
package dev.carillon.benchmarks.phrases;

import org.jspecify.annotations.NullMarked;
