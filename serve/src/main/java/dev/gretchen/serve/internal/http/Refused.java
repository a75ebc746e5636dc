package dev.gretchen.serve.internal.http;

import java.util.Map;

/// What is asked is not answered; the message is one sentence that says why, and what would be.
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  private final Map<String, String> headers;

  /// @param status of HTTP
  public Refused(int status, String sentence) {
    this(status, sentence, Map.of());
  }

  /// @param headers that go with the status
  public Refused(int status, String sentence, Map<String, String> headers) {
    super(sentence);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  /// The question itself is wrong.
  public static Refused badRequest(String sentence) {
    return new Refused(400, sentence);
  }

  /// There is no such thing.
  public static Refused notFound(String sentence) {
    return new Refused(404, sentence);
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /// Its sentence.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
