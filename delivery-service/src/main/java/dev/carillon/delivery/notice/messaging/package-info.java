/**
 * What delivery reads of the ends of messages.
 */
@NullMarked
package dev.carillon.delivery.notice.messaging;

import org.jspecify.annotations.NullMarked;
