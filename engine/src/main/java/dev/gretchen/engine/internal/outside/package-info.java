/// What an app does in Kafka outside its handlers: it writes events ([Outlet]) and reads whole
/// topics ([Following]). An outlet is for any thread; each following has a thread of its own.
@NullMarked
package dev.gretchen.engine.internal.outside;

import org.jspecify.annotations.NullMarked;
