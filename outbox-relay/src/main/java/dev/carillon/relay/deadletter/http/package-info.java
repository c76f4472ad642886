/** The operator's view of consumers' dead letters. Whoever looks at payloads or acts leaves an audit line. */
@NullMarked
package dev.carillon.relay.deadletter.http;

import org.jspecify.annotations.NullMarked;
