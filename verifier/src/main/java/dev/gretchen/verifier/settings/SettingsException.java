package dev.gretchen.verifier.settings;

/// Settings that cannot be followed; the message is one sentence that names file, line, key, what
/// is allowed there and what was found.
public final class SettingsException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public SettingsException(String sentence) {
    super(sentence);
  }
}
