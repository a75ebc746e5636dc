package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.contract.Guarantee;

/// By what a trial judges.
///
/// @param streams what holds for the topics that the app writes
/// @param tables what holds for its changelogs
/// @param fencedStreams whether a worker whose successor has taken over can write to the app's
///   topics no more; without that, neither the generations nor the last values in them say
///   anything. Changelogs are always held to it
/// @param oneTransaction whether all that an event causes, in topics and changelogs, is written in
///   one transaction, hence under one generation. Outputs outside of it keep the generation under
///   which they were first sent, while their changelogs may be sent again under a later one
public record Terms(
    Guarantee streams, Guarantee tables, boolean fencedStreams, boolean oneTransaction) {

  /// One guarantee for all.
  public static Terms of(Guarantee guarantee) {
    return new Terms(guarantee, guarantee, true, guarantee == Guarantee.EXACTLY_ONCE);
  }
}
