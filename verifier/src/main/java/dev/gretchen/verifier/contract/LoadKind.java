package dev.gretchen.verifier.contract;

/// What an app is offered.
public enum LoadKind {
  /// Words, most of them colours of a palette.
  WORDS("words"),
  /// Orders by symbol, and search queries on a second topic.
  ORDERS("orders"),
  /// Page views by user on several topics, some of them late.
  VIEWS("views");

  private final String word;

  LoadKind(String word) {
    this.word = word;
  }

  /// The word that a descriptor uses.
  public String word() {
    return word;
  }
}
