/**
 * Templates in PostgreSQL: a row for each, and one for each version of its texts.
 */
@NullMarked
package dev.carillon.scheduler.template.store;

import org.jspecify.annotations.NullMarked;
