/**
 * What SmallRye gives to a Quarkus service, for tests without Quarkus. Only for modules that consume: SmallRye's connector is theirs, and does not come with this one.
 */
@NullMarked
package dev.carillon.kit.testing.messaging;

import org.jspecify.annotations.NullMarked;
