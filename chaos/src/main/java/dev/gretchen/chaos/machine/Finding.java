package dev.gretchen.chaos.machine;

/// What became of trying a mechanism.
public sealed interface Finding {

  /// It was tried, and worked.
  ///
  /// @param how by what means, half a sentence
  record Works(String how) implements Finding {}

  /// It is not there, or not allowed.
  ///
  /// @param why half a sentence for the report
  record Missing(String why) implements Finding {}

  default boolean works() {
    return this instanceof Works;
  }

  default String text() {
    return switch (this) {
      case Works(String how) -> how;
      case Missing(String why) -> why;
    };
  }
}
