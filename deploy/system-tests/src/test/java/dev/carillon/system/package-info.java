/**
 * The whole of Carillon as its users meet it: the real processes, started by the launcher of the local stack on ports and in a folder
 * of their own, and asked over HTTP alone. Each test is a promise that the services can only keep together. What is promised is judged by nothing
 * else than HTTP, the receivers' log, a mail server's mailboxes in {@code MailServerIT} and, in {@code CloudEventsIT} and {@code TakeoverIT}, the topics, as others may; {@code OperatingDT} asks PostgreSQL
 * what its operators ask. Nothing waits for a fixed time, or touches a stack that it did not start; no stack outlives the JVM that started it. Classes that want two schedulers and two
 * deliveries come last, see {@code TwoOfEach}.
 *
 * <p>The machinery is in {@code stack} and what it stands on, {@code outside}; {@code clients} and {@code drills} are for tests of more than one package. Each
 * other package has the tests of one subject and what they alone need, and knows no other one's, but for the machinery.
 */
@NullMarked
package dev.carillon.system;

import org.jspecify.annotations.NullMarked;
