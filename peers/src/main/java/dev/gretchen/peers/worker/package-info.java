/// What every worker of a peer is from outside: a command line, signals, `/readyz`. The process's
/// main thread starts and waits; the program has threads of its own.
@NullMarked
package dev.gretchen.peers.worker;

import org.jspecify.annotations.NullMarked;
