package dev.gretchen.chaos.service;

/// Keeps what fronts saw. Called from several threads at once.
public interface CallJournal {

  /// A call is over.
  void ended(Call call);
}
