package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.ask.CallHeaders;
import dev.gretchen.engine.internal.ask.Callee;
import dev.gretchen.engine.internal.ask.Question;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The idempotency keys of what a handler asks.
///
/// A key is made of the event, the agent that is asked, and a digest of the question. So a handler
/// that is tried again asks the same question under the same key, in whatever order it asks; where
/// it has come to ask something else, the key is another. Equal questions of one attempt are told
/// apart by their number. An event that is a question itself stands under the key that it has
/// brought: its own asking again is no other event.
///
/// Confined to the activation.
final class QuestionKeys {

  private final Map<String, Integer> given = new HashMap<>();

  /// An attempt begins anew.
  void clear() {
    if (!given.isEmpty()) {
      given.clear();
    }
  }

  Question keyed(ConsumerRecord<byte[], byte[]> event, Callee callee, Question question) {
    String brought = CallHeaders.key(event.headers());
    String root = brought == null ? Waiting.place(event) : brought;
    String key = root + "/" + callee.agent() + "/" + digest(question);
    int before = given.merge(key, 1, Integer::sum) - 1;
    return question.keyed(before == 0 ? key : key + "/" + before);
  }

  private static UUID digest(Question question) {
    byte[] key = question.key();
    byte[] value = question.value();
    byte[] all =
        ByteBuffer.allocate(Integer.BYTES + key.length + value.length)
            .putInt(key.length)
            .put(key)
            .put(value)
            .array();
    return UUID.nameUUIDFromBytes(all);
  }
}
