/// The catalogue of faults as data: kinds, the roles they hit, the selections a user can name, and
/// what a cluster and an app must offer for them. Immutable; any thread.
@NullMarked
package dev.gretchen.chaos.fault;

import org.jspecify.annotations.NullMarked;
