package dev.gretchen.engine.internal.channel;

/// An agent of a channel.
public record ChannelReader(String agent, Handler handler) {

  /// What it does with a value.
  @FunctionalInterface
  public interface Handler {
    void handle(Object value) throws Exception;
  }
}
