package dev.gretchen.engine.internal.ask;

import dev.gretchen.engine.internal.store.ByteKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// What questions and answers say of themselves in headers; see "Questions and answers" in
/// `docs/contract.md`.
public final class CallHeaders {

  /// Of a question and of its answer: the call, sixteen bytes, unique.
  public static final String CALL = "gretchen-call";

  /// Of a question: the partition of the reply topic where its answer is waited for, four bytes.
  public static final String REPLY_TO = "gretchen-reply-to";

  /// Of a question that a handler asks: the same each time it is asked anew, UTF-8.
  public static final String KEY = "gretchen-idempotency-key";

  /// Of an answer that is none: why the question has failed for good, UTF-8.
  public static final String FAILURE = "gretchen-failure";

  /// Partitions of the reply topic that are in use.
  public static final int PARTITIONS = 8;

  private static final int REASON_CHARS_MAX = 1_000;

  private CallHeaders() {}

  /// Whether a header is about a call, and so about nothing that the event causes.
  public static boolean isOfCall(String header) {
    return header.equals(CALL) || header.equals(REPLY_TO) || header.equals(KEY);
  }

  static Headers ofQuestion(ByteKey call, int replyTo, @Nullable String idempotencyKey) {
    Headers headers = new RecordHeaders();
    headers.add(CALL, call.bytes());
    headers.add(REPLY_TO, ByteBuffer.allocate(Integer.BYTES).putInt(replyTo).array());
    if (idempotencyKey != null) {
      headers.add(KEY, idempotencyKey.getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }

  /// The headers of an answer.
  ///
  /// @param reason why there is none; null where there is one
  public static Headers ofAnswer(Headers question, @Nullable String reason) {
    Headers headers = new RecordHeaders();
    Header call = question.lastHeader(CALL);
    if (call != null) {
      headers.add(CALL, call.value());
    }
    if (reason != null) {
      String some = reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
      headers.add(FAILURE, some.getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }

  /// Where the answer to an event is waited for: a partition of the reply topic, or -1 where nobody
  /// waits, or nobody can be found.
  public static int replyTo(Headers question) {
    Header to = question.lastHeader(REPLY_TO);
    if (question.lastHeader(CALL) == null || to == null || to.value().length != Integer.BYTES) {
      return -1;
    }
    int partition = ByteBuffer.wrap(to.value()).getInt();
    return partition >= 0 && partition < PARTITIONS ? partition : -1;
  }

  /// The idempotency key that a question brings; null for none.
  public static @Nullable String key(Headers question) {
    return text(question, KEY);
  }

  static @Nullable String failure(Headers answer) {
    return text(answer, FAILURE);
  }

  static @Nullable ByteKey call(Headers answer) {
    Header call = answer.lastHeader(CALL);
    return call == null ? null : new ByteKey(call.value());
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
