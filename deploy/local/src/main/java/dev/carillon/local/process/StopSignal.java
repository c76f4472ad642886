package dev.carillon.local.process;

/** How a process is asked to end. */
public enum StopSignal {
    /** What a Java process takes as its cue to drain and end. */
    TERM,
    /** PostgreSQL's fast shutdown; to TERM it would wait for its clients to leave. */
    INT,
    /** Not a question. */
    KILL;

    public static StopSignal of(String processName) {
        return processName.equals("postgres") ? INT : TERM;
    }
}
