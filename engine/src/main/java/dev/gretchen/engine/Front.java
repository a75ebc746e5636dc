package dev.gretchen.engine;

/// What an app serves on each of its workers beside its agents: views and WebSockets, on the port
/// of the worker's endpoints. See [App#front].
@FunctionalInterface
public interface Front {

  /// Opens it on a worker that has started: its copies of global tables are complete, its tasks are
  /// on their way. Until this returns, whoever asks for anything but the engine's own endpoints is
  /// answered 503.
  ///
  /// @param worker to read tables, to write to topics and to follow them
  /// @param web takes the views and sockets
  /// @throws RuntimeException with a sentence that says why not; the worker then does not start
  Service open(Worker worker, Web web);

  /// A front that was opened. Any thread.
  interface Service extends AutoCloseable {

    /// Whether it can serve; `/readyz` says so too.
    boolean isReady();

    /// Lets go of its clients. Called before the worker drains, within some seconds.
    @Override
    void close();
  }
}
