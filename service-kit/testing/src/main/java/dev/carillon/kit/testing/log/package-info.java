/** What is said in the log while a test runs, with the fields of each line. */
@NullMarked
package dev.carillon.kit.testing.log;

import org.jspecify.annotations.NullMarked;
