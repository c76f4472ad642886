/** What is on the topics, as others may read it, and that every topic and every consumer is set up as its events need it. */
@NullMarked
package dev.carillon.system.events;

import org.jspecify.annotations.NullMarked;
