package dev.gretchen.engine;

/// A handler sent or wrote something larger than a record may be. Where the handler lets it pass,
/// the event goes to the dead-letter topic without retries.
public final class EffectTooLarge extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EffectTooLarge(String message) {
    super(message);
  }
}
