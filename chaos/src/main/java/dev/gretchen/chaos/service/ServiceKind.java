package dev.gretchen.chaos.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A kind of service that a run can provide.
public enum ServiceKind {
  /// InfluxDB 1.x: `POST /query` and `POST /write`.
  INFLUXDB("x-request-id"),
  /// Elasticsearch: `_search` and `_bulk`.
  SEARCH("x-opaque-id"),
  /// A mailer of ours: `POST /mails` with an idempotency key.
  MAILER("idempotency-key");

  private final String idHeader;

  ServiceKind(String idHeader) {
    this.idHeader = idHeader;
  }

  /// The word for it, in lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The header, in lower case, by which a caller says what a call is for; the service's own.
  public String idHeader() {
    return idHeader;
  }

  /// The kind of a word.
  public static Optional<ServiceKind> ofWord(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
