package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.FailurePolicy;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// An agent as the engine runs it.
///
/// @param topic the input topic
/// @param tables names of the tables that it declared
/// @param lanes how many of the topic's events it takes at a time
/// @param reader decodes a record and binds it to the handler
public record AgentSpec(
    String name,
    String topic,
    List<String> tables,
    FailurePolicy policy,
    LaneSpec lanes,
    Reader reader) {

  public AgentSpec {
    tables = List.copyOf(tables);
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
