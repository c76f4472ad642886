/**
 * Where traces go when there is no Jaeger: an OTLP receiver that keeps the last spans in memory, to be asked for by trace id, and
 * every request as OTLP JSON in a file of bounded size.
 */
@NullMarked
package dev.carillon.local.providers.trace;

import org.jspecify.annotations.NullMarked;
