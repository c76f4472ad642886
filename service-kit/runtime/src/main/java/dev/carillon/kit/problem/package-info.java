/**
 * RFC 9457 problems: one shape for every refusal, with the trace id of the request.
 *
 * <p>Guarantees that bad input, and nothing else, is answered by a 4xx that names the fault, and that an unexpected failure is logged with its cause and answered
 * without it; and that a request's body has come, whole and in time, before anybody acts on it.
 */
@NullMarked
package dev.carillon.kit.problem;

import org.jspecify.annotations.NullMarked;
