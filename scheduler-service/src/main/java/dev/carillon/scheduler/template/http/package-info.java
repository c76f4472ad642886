/**
 * {@code /v1/templates}: requests as they come, and what they are answered with.
 */
@NullMarked
package dev.carillon.scheduler.template.http;

import org.jspecify.annotations.NullMarked;
