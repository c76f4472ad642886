/**
 * Stand-ins for the outside world, honestly labelled: an SMTP server that speaks SMTP, a look-alike of the Telegram Bot API with its
 * error shapes, a webhook receiver that verifies Standard Webhooks signatures. They keep in memory what arrived, list it, and fail
 * on request. They never send anything anywhere, and listen on the loopback address alone.
 */
@NullMarked
package dev.carillon.local.providers;

import org.jspecify.annotations.NullMarked;
