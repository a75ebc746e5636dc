package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.FailurePolicy;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// An agent as the engine runs it.
///
/// @param topic the input topic
/// @param tables names of the tables that it declared
/// @param lanes how many of the topic's events it takes at a time
/// @param follows whether it takes as many as the topic's other agents do, instead
/// @param reader decodes a record and binds it to the handler
public record AgentSpec(
    String name,
    String topic,
    List<String> tables,
    FailurePolicy policy,
    LaneSpec lanes,
    boolean follows,
    Reader reader) {

  public AgentSpec {
    tables = List.copyOf(tables);
  }

  /// An agent with lanes of its own.
  public AgentSpec(
      String name,
      String topic,
      List<String> tables,
      FailurePolicy policy,
      LaneSpec lanes,
      Reader reader) {
    this(name, topic, tables, policy, lanes, false, reader);
  }

  /// An agent without tables that gets along with whatever lanes the others have.
  public static AgentSpec following(
      String name, String topic, FailurePolicy policy, Reader reader) {
    return new AgentSpec(name, topic, List.of(), policy, LaneSpec.SEQUENTIAL, true, reader);
  }

  /// An agent that takes one event at a time.
  public AgentSpec(
      String name, String topic, List<String> tables, FailurePolicy policy, Reader reader) {
    this(name, topic, tables, policy, LaneSpec.SEQUENTIAL, reader);
  }

  /// Decodes a record.
  @FunctionalInterface
  public interface Reader {
    /// @throws RuntimeException where the record's bytes are no key or value
    Call read(ConsumerRecord<byte[], byte[]> source);

    /// A call for several records, empty yet; of agents that take batches.
    default Batch batch() {
      throw new IllegalStateException("this agent takes one event at a time");
    }
  }

  /// A handler with the events of a batch; run once an attempt.
  public interface Batch extends Call {

    /// Decodes a record.
    ///
    /// @return adds it to the batch, where every agent can read it
    /// @throws RuntimeException where the record's bytes are no key or value
    Runnable read(ConsumerRecord<byte[], byte[]> source);
  }

  /// A handler with its event; run once an attempt.
  @FunctionalInterface
  public interface Call {
    void run() throws Exception;
  }
}
