/**
 * E-mail through an SMTP relay (a company's own, Amazon SES's SMTP endpoint, the local stack's).
 *
 * <p>It guarantees one {@code Message-ID} for all attempts at one staging of a message, headers into which no subject, name
 * or address can write a line of its own, and that a relay's 4yz and 5yz replies come back as transient and permanent.
 * Connections are kept for further letters; a call that found none free in its time was never sent, and one that did not end in its time has its connection
 * cut, so that nothing of it is said later. It never sends a password over a connection that was to be secured and is not.
 *
 * <p>Over Vert.x's {@code MailClient} itself, configured here: of the two that {@code quarkus-mailer} brings, it is the one
 * whose failures carry the relay's reply code. Headers with other than ASCII text are encoded here, because the client's own
 * encoding breaks characters outside the basic plane and folds lines with a bare LF, which relays refuse.
 */
@NullMarked
package dev.carillon.delivery.channel.email;

import org.jspecify.annotations.NullMarked;
