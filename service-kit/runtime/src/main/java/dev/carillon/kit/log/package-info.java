/**
 * Log levels, as they are and as an operator of the platform changes them while the service runs. A change is this instance's alone, is audited, and ends with
 * the time that it was given, on request, or with the process: nothing is written anywhere. The audit itself cannot be silenced.
 */
@NullMarked
package dev.carillon.kit.log;

import org.jspecify.annotations.NullMarked;
