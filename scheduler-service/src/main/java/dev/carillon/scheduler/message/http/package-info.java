/**
 * Messages over HTTP: reads requests strictly, answers with views, says no by problems.
 */
@NullMarked
package dev.carillon.scheduler.message.http;

import org.jspecify.annotations.NullMarked;
