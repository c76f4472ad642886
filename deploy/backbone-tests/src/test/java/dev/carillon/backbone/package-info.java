/**
 * The backbone under faults: a service's outbox, the packaged relay's processes, Kafka, and a consumer's inbox, each a process of its own that is
 * killed, frozen, cut off and restarted by a seeded plan while events flow; afterwards everything has to come to rest and the checker of histories judges.
 *
 * <p>Servers, ports and folders are its own. The plan of a seed is always the same; what each fault meets is not.
 */
@NullMarked
package dev.carillon.backbone;

import org.jspecify.annotations.NullMarked;
