package dev.gretchen.engine;

/// Answers requests over HTTP. Called on a thread of its own each time, so it may wait: for another
/// worker ([TableView#ask]) or a service.
@FunctionalInterface
public interface View {

  /// Answers a request.
  ///
  /// @throws Exception any failure: answered 500 without a word of it, and logged
  WebAnswer answer(WebRequest request) throws Exception;
}
