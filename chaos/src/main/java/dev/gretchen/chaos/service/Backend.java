package dev.gretchen.chaos.service;

import java.io.IOException;

/// What answers requests: a real service elsewhere, or a stand-in here. Called from several threads
/// at once.
interface Backend {

  /// Answers a request.
  ///
  /// @throws IOException where the service cannot be reached
  Answer answer(Request request) throws IOException, InterruptedException;
}
