package dev.gretchen.engine;

/// An agent that answers: [Worker#ask] sends it a question, which is an event of its topic as any
/// other, and waits for the result of its handler.
///
/// @param <K> type of the keys
/// @param <V> type of the questions
/// @param <R> type of the answers
public final class Answering<K, V, R> {

  private final Agent<K, V> agent;
  private final Topic<K, V> questions;
  private final Codec<R> answers;

  Answering(Agent<K, V> agent, Topic<K, V> questions, Codec<R> answers) {
    this.agent = agent;
    this.questions = questions;
    this.answers = answers;
  }

  /// The agent, to declare tables and lanes with, and what follows a failure.
  public Agent<K, V> agent() {
    return agent;
  }

  Topic<K, V> questions() {
    return questions;
  }

  Codec<R> answers() {
    return answers;
  }
}
