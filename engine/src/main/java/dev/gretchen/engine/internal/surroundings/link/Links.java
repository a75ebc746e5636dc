package dev.gretchen.engine.internal.surroundings.link;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a worker's links to other workers come from.
public interface Links {

  /// The largest frame. Whoever announces a larger one is no worker.
  int FRAME_BYTES_MAX = 8 << 10;

  /// Listens on a free port.
  ///
  /// @param host to listen on, and what others are told
  /// @param events told one at a time; must not block
  /// @throws IOException if nobody can listen there
  Harbour listen(String host, Consumer<LinkEvent> events) throws IOException;

  /// A place that links come to and go out from.
  interface Harbour extends AutoCloseable {

    /// Where others find it, as `host:port`.
    String address();

    /// Begins to open a link; [LinkEvent.Opened], [LinkEvent.Refused] or [LinkEvent.Unreachable]
    /// tells what became of it.
    Link connect(String address);

    /// What has ended it, other than its being closed; null as long as it works.
    @Nullable Throwable failure();

    /// Closes all links, and listens no more.
    @Override
    void close();
  }
}
