/** What documents show in fenced blocks, for the tests that run it. */
@NullMarked
package dev.carillon.kit.testing.docs;

import org.jspecify.annotations.NullMarked;
