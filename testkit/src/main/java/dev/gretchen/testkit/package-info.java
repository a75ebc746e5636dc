/// Tests of an app without a broker: [AppTester] runs the engine's real code on a simulated Kafka
/// in virtual time. Everything here is used by one thread, the test's.
@NullMarked
package dev.gretchen.testkit;

import org.jspecify.annotations.NullMarked;
