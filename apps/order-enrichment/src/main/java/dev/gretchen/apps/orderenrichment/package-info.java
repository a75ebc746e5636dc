/// Orders enriched by the market price of their time, confirmed by mail, and searches answered; the
/// app's README is its contract. Handlers run on the engine's threads and wait for services;
/// clients are for any thread.
@NullMarked
package dev.gretchen.apps.orderenrichment;

import org.jspecify.annotations.NullMarked;
