/// A run from preflight to verdict: starts cluster, workers, load and nemesis, observes, and hands
/// the directory to the judge. One thread tells the story; load, observers and nemesis have threads
/// of their own.
@NullMarked
package dev.gretchen.verifier.run;

import org.jspecify.annotations.NullMarked;
