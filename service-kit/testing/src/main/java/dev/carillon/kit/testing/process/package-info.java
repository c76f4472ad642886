/**
 * What starting real servers needs: free ports, signals, the end of a log, and a guard that ends a child whose parent was killed.
 * Ends only processes whose id it was given; never searches for one by name.
 */
@NullMarked
package dev.carillon.kit.testing.process;

import org.jspecify.annotations.NullMarked;
