/** What delivery's tests share: its surroundings, those that it talks to, and what they are watched by. */
@NullMarked
package dev.carillon.delivery.support;

import org.jspecify.annotations.NullMarked;
