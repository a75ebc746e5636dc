package dev.gretchen.engine.internal.http;

/// Where a worker can be asked about itself.
public interface WorkerEndpoints extends AutoCloseable {

  void start();

  /// The port on loopback, 0 where there is none.
  int port();

  @Override
  void close();

  /// For a worker that is asked within its own process: nothing listens.
  ///
  /// @param started called when the worker may be asked, not before
  static WorkerEndpoints withoutSocket(Runnable started) {
    return new WorkerEndpoints() {
      @Override
      public void start() {
        started.run();
      }

      @Override
      public int port() {
        return 0;
      }

      @Override
      public void close() {
        // nobody listened
      }
    };
  }
}
