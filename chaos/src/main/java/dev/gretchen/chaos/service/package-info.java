/// The services that an app under test depends on: real ones as child processes, stand-ins in
/// memory, and a front before each that records every call and misbehaves by a seeded script.
/// Fronts serve each connection on a virtual thread; everything public is for any thread.
@NullMarked
package dev.gretchen.chaos.service;

import org.jspecify.annotations.NullMarked;
