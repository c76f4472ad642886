/**
 * Dead letters of consumers: the records that a group of consumers could neither read nor apply, on the topics {@code <topic>.<group>.dlq}. They are
 * listed, and redriven: put back on the topic that they came from, with their key, value and headers as they are, so that the event id is the same and
 * the attempts go on counting.
 *
 * <p>Guarantees that a redrive repeats at most what it had not committed, whatever it dies of: how far it is, and what it is about, is kept as the
 * committed offsets of the group {@code <dead-letter topic>.redrive}, whose one member is the relay that runs it. A repeat is harmless, for the inbox
 * of every consumer knows the event. A redrive goes to the end that the topic had when it began: what fails again is for the next one.
 *
 * <p>Never deletes a dead letter, and never trusts one about where it is to go: the topic's name says that.
 */
@NullMarked
package dev.carillon.relay.deadletter;

import org.jspecify.annotations.NullMarked;
