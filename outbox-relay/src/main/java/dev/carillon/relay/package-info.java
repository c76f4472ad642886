/**
 * What the relay is about, without a framework: lanes and their leases, the window of events on their way, and the ports to the outboxes and
 * to the broker.
 *
 * <p>Guarantees, together with {@code engine}:
 *
 * <ol>
 *   <li>every committed event reaches Kafka at least once, and one whose transaction rolled back never does: what is read
 *       is what one stored snapshot shows and the one before did not, never what lies beyond a mark of numbers or of time, so an event that commits
 *       late with a low {@code seq} is found like any other;
 *   <li>the <em>first</em> deliveries of one key's events come in order of {@code seq}. A record of a key is handed to Kafka only when the one
 *       before it is known to be there: it was acknowledged to this relay, or settled in the position that the relay began from. That holds for every relay by itself, so it holds for several, through lost leases, freezes and crashes; leases keep repeats
 *       rare, the order does not hang on them;
 *   <li>an event that the broker refuses parks its key, later events of that key follow it, and nothing else waits; the events of a
 *       missing topic hold up the lanes that they are in. Skipping a parked event is
 *       the one way to leave a gap, and an operator's decision.
 * </ol>
 *
 * <p>A repeat may come at any time after its original, also after later events of its key: consumers know it by its event id. The key here is
 * (topic, record key), because Kafka orders nothing across topics.
 *
 * <p>Nothing is deleted: a lane's position tells what is settled, and is written down a few times a second, which is what a crash may repeat.
 *
 * <p>Never holds a database transaction while it waits for Kafka; never reads a table other than the outbox's.
 */
@NullMarked
package dev.carillon.relay;

import org.jspecify.annotations.NullMarked;
