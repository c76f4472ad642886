/** Providers and receivers that fail: each way in which they do, for a while or for ever, and that nobody else notices. */
@NullMarked
package dev.carillon.system.providers;

import org.jspecify.annotations.NullMarked;
