package dev.gretchen.verifier.contract;

/// By what an app is judged.
public enum Guarantee {
  EXACTLY_ONCE("exactly-once"),
  AT_LEAST_ONCE("at-least-once");

  private final String word;

  Guarantee(String word) {
    this.word = word;
  }

  /// The word that descriptors, options and verdicts use.
  public String word() {
    return word;
  }

  /// The guarantee of a word.
  ///
  /// @throws IllegalArgumentException for any other word
  public static Guarantee parse(String word) {
    for (Guarantee guarantee : values()) {
      if (guarantee.word.equals(word)) {
        return guarantee;
      }
    }
    throw new IllegalArgumentException(
        "expected exactly-once or at-least-once, found " + word + " as a guarantee");
  }
}
