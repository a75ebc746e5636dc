package dev.gretchen.engine.internal.http;

/// Where a worker can be asked about itself.
public interface WorkerEndpoints extends AutoCloseable {

  void start();

  /// The port on loopback, 0 where there is none.
  int port();

  @Override
  void close();

  /// For a worker that nobody can ask.
  static WorkerEndpoints none() {
    return new WorkerEndpoints() {
      @Override
      public void start() {
        // nobody listens
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
