package dev.gretchen.engine.internal.task;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Makes the record that a failed event leaves in the dead-letter topic: its own bytes and headers,
/// with the reason, the stack and the source beside them.
final class DeadLetter {

  private static final String REASON = "gretchen-dead-letter-reason";
  private static final String STACK = "gretchen-dead-letter-stack";
  private static final String SOURCE = "gretchen-dead-letter-source";
  private static final int STACK_CHARS_MAX = 8_000;
  private static final int REASON_CHARS_MAX = 1_000;

  private DeadLetter() {}

  static Output of(
      String topic, ConsumerRecord<byte[], byte[]> source, String reason, String stack) {
    Headers headers = new RecordHeaders(source.headers());
    headers.add(REASON, utf8(reason, REASON_CHARS_MAX));
    headers.add(STACK, utf8(stack, STACK_CHARS_MAX));
    headers.add(
        SOURCE,
        utf8(source.topic() + "-" + source.partition() + "@" + source.offset(), REASON_CHARS_MAX));
    return new Output(
        topic, -1, source.key(), source.value(), source.timestamp(), headers, source.offset());
  }

  static String stackOf(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static byte[] utf8(String text, int charsMax) {
    return text.substring(0, Math.min(text.length(), charsMax)).getBytes(StandardCharsets.UTF_8);
  }
}
