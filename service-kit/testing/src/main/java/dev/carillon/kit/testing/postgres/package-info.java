/**
 * A real PostgreSQL 18 from binaries in a jar, as durable as in production ({@code fsync} and {@code synchronous_commit} on), for
 * tests and for the local stack. Needs no installation and no Docker; works as root, as PostgreSQL itself refuses to.
 * Never ends a process that it did not start, and never touches a data directory that another PostgreSQL has open.
 */
@NullMarked
package dev.carillon.kit.testing.postgres;

import org.jspecify.annotations.NullMarked;
