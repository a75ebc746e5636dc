package dev.gretchen.engine.internal.task;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Makes the record that a failed event leaves in the dead-letter topic: its own bytes and headers,
/// with the reason, the stack and the source beside them.
///
/// It must never be refused for its size, or the event would be tried for ever. An event can be as
/// large as a record may be, and its letter is larger; one that does not fit leaves its content out
/// and says how large it was. The source names where the content is.
public final class DeadLetter {

  /// The header with the reason, one sentence.
  public static final String REASON = "gretchen-dead-letter-reason";

  /// The header with the stack of what a handler threw; missing where there is none.
  public static final String STACK = "gretchen-dead-letter-stack";

  /// The header with the place of the event: `topic-partition@offset`.
  public static final String SOURCE = "gretchen-dead-letter-source";

  private static final String LEFT_OUT = "gretchen-dead-letter-left-out";
  private static final int STACK_CHARS_MAX = 8_000;
  private static final int REASON_CHARS_MAX = 1_000;
  private static final long NO_TIMESTAMP = ConsumerRecord.NO_TIMESTAMP;

  private DeadLetter() {}

  /// @param bytesMax the largest record that may be sent
  static Output of(
      String topic,
      ConsumerRecord<byte[], byte[]> source,
      String reason,
      String stack,
      int bytesMax) {
    Headers headers = new RecordHeaders(source.headers());
    headers.add(STACK, utf8(stack, STACK_CHARS_MAX));
    explain(headers, source, reason);
    if (length(source.key()) + length(source.value()) + lengthOf(headers) > bytesMax) {
      return withoutContent(topic, source, reason);
    }
    return new Output(
        topic, -1, source.key(), source.value(), source.timestamp(), headers, source.offset());
  }

  /// A letter that no topic refuses: where the event is, and why it is here.
  static Output withoutContent(String topic, ConsumerRecord<byte[], byte[]> source, String reason) {
    Headers headers = new RecordHeaders();
    explain(headers, source, reason);
    headers.add(
        LEFT_OUT,
        utf8(
            "key of "
                + length(source.key())
                + " bytes, value of "
                + length(source.value())
                + " bytes, headers of "
                + lengthOf(source.headers())
                + " bytes",
            REASON_CHARS_MAX));
    return new Output(topic, -1, null, null, NO_TIMESTAMP, headers, source.offset());
  }

  private static void explain(
      Headers headers, ConsumerRecord<byte[], byte[]> source, String reason) {
    headers.add(REASON, utf8(reason, REASON_CHARS_MAX));
    headers.add(
        SOURCE,
        utf8(source.topic() + "-" + source.partition() + "@" + source.offset(), REASON_CHARS_MAX));
  }

  private static long lengthOf(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += header.key().length() * 3L + length(header.value());
    }
    return bytes;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
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
