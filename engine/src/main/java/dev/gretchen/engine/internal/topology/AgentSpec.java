package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.FailurePolicy;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// An agent as the engine runs it.
///
/// @param topic the input topic
/// @param tables names of the tables that it declared
/// @param reader decodes a record and binds it to the handler
public record AgentSpec(
    String name, String topic, List<String> tables, FailurePolicy policy, Reader reader) {

  public AgentSpec {
    tables = List.copyOf(tables);
  }

  /// Decodes a record.
  @FunctionalInterface
  public interface Reader {
    /// @throws RuntimeException where the record's bytes are no key or value
    Call read(ConsumerRecord<byte[], byte[]> source);
  }

  /// A handler with its event; run once an attempt.
  @FunctionalInterface
  public interface Call {
    void run() throws Exception;
  }
}
