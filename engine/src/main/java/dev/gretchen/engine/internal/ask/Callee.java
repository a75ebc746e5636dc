package dev.gretchen.engine.internal.ask;

/// An agent that is asked.
///
/// @param topic where its questions go
public record Callee(String agent, String topic) {

  @Override
  public String toString() {
    return "agent " + agent;
  }
}
