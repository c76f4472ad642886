/**
 * The machinery that all tests share: a stack of their own and the one that runs for all of them, whoever asks it over HTTP, and what it logs and
 * counts. It knows no test.
 */
@NullMarked
package dev.carillon.system.stack;

import org.jspecify.annotations.NullMarked;
