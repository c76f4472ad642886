/**
 * What one can do with templates; the only place that opens a transaction.
 */
@NullMarked
package dev.carillon.scheduler.template.usecase;

import org.jspecify.annotations.NullMarked;
