/**
 * Holds what Carillon is deployed with against itself and against the code: manifests against the types of their kinds and against each other, settings
 * against those that services read, topics against those of the local stack, queries against the metrics that there are.
 */
@NullMarked
package dev.carillon.manifests;

import org.jspecify.annotations.NullMarked;
