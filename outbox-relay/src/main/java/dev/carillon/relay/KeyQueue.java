package dev.carillon.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The events of one key that wait in the window, in order of seq. Only its head is ever on its way.
 *
 * <pre>
 *             next               acknowledged
 *   WAITING ────────▶ SENDING ────────────────▶ the head leaves, the next one is WAITING
 *    │    ▲              │ │ failed
 *    │    └──────────────┼─┘
 *    │ read with its     │ refused
 *    │ key parked        ▼            taken              parked
 *    └──────────────▶ TO_PARK ────────────────▶ PARKING ────────▶ gone
 *                        ▲                         │ not parked
 *                        └─────────────────────────┘
 * </pre>
 */
final class KeyQueue {
    enum Stage {
        WAITING,
        SENDING,
        TO_PARK,
        PARKING
    }

    final LaneWindow lane;
    final RecordKey key;
    final Deque<OutboxEvent> events = new ArrayDeque<>();
    Stage stage = Stage.WAITING;

    /** Earlier events of this key were seen parked. */
    boolean follows;

    /** Why the head was refused; null when it only follows a parked event. */
    @Nullable String refusal;

    KeyQueue(LaneWindow lane, RecordKey key) {
        this.lane = lane;
        this.key = key;
    }

    boolean headIsOut() {
        return stage == Stage.SENDING || stage == Stage.PARKING;
    }
}
