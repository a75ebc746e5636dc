package dev.gretchen.verifier.contract;

/// A descriptor that cannot be used; the message is one sentence that names file, key, what was
/// expected and what was found.
public final class DescriptorException extends RuntimeException {
  public DescriptorException(String sentence) {
    super(sentence);
  }
}
