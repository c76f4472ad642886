package dev.carillon.relay;

/** What became of a send. */
public sealed interface Publication {

    /** Every in-sync replica has it. */
    record Acknowledged() implements Publication {}

    /** The broker will never take this record, however often it is sent. */
    record Refused(String reason) implements Publication {}

    /** Not now; perhaps it is there all the same. To be sent again. */
    record Failed(String reason) implements Publication {}

    /** No record of this topic can be sent now: it is missing, or the relay may not write to it. Its events wait where they are. */
    record TopicUnavailable(String reason) implements Publication {}
}
