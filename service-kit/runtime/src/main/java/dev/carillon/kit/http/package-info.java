/**
 * What every HTTP resource shares: pages and cursors, query parameters and preconditions, the trace id in every answer; and which addresses a URL
 * of a stranger may lead to.
 */
@NullMarked
package dev.carillon.kit.http;

import org.jspecify.annotations.NullMarked;
