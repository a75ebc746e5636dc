/// What keeps SimKafka honest: scripts that run on it and on real brokers, whose observations must
/// be the same, line by line. Each script is one thread's work.
@NullMarked
package dev.gretchen.testkit.conformance;

import org.jspecify.annotations.NullMarked;
