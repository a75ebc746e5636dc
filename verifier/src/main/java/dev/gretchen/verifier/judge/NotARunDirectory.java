package dev.gretchen.verifier.judge;

/// A directory that no run wrote, or whose run never got as far as its first file; the message is
/// one sentence.
public final class NotARunDirectory extends RuntimeException {
  public NotARunDirectory(String sentence) {
    super(sentence);
  }
}
