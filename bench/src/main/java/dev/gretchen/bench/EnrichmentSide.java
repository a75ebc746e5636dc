package dev.gretchen.bench;

import java.util.Locale;

/// What is compared: the same agent, which calls a service for each event.
enum EnrichmentSide {
  ONE("one at a time, exactly once", false, "exactly-once", false),
  MANY("many at a time, exactly once", true, "exactly-once", false),
  MANY_AT_LEAST_ONCE("many at a time, at least once", true, "at-least-once", false),
  ONE_HTTP("one at a time over HTTP, exactly once", false, "exactly-once", true),
  MANY_HTTP("many at a time over HTTP, exactly once", true, "exactly-once", true);

  private final String label;
  private final boolean many;
  private final String guarantee;
  private final boolean http;

  EnrichmentSide(String label, boolean many, String guarantee, boolean http) {
    this.label = label;
    this.many = many;
    this.guarantee = guarantee;
    this.http = http;
  }

  /// The word in raw data and names.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// For people.
  String label() {
    return label;
  }

  /// As the worker's option says it.
  String guarantee() {
    return guarantee;
  }

  /// Whether it asks a server; else a call is a timed wait.
  boolean isHttp() {
    return http;
  }

  /// Calls at a time.
  int calls(EnrichmentOptions options) {
    return many ? options.concurrency() : 1;
  }
}
