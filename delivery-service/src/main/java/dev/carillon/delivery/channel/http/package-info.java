/**
 * HTTP as the channels use it: one POST, one deadline over dial, handshake, request and answer.
 *
 * <p>It guarantees that a call ends by its deadline however slowly the other side moves, that no more of an answer is
 * kept than asked for, and that a connection which cannot be reused is closed. It never follows redirects and never
 * repeats a request of which a byte may have been sent.
 */
@NullMarked
package dev.carillon.delivery.channel.http;

import org.jspecify.annotations.NullMarked;
