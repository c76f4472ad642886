/**
 * The local stack: starts PostgreSQL, Kafka, the local providers and the services as processes that outlive the launcher, one after
 * the other, and stops them again. What is started is complete or, on any failure, Ctrl-C and the launcher's own death, gone again.
 * It ends only processes whose identity (id and time of start) it has written down, and keeps every secret in its state folder.
 */
@NullMarked
package dev.carillon.local;

import org.jspecify.annotations.NullMarked;
