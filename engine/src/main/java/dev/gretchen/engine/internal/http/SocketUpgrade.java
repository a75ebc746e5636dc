package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.WebAnswer;
import dev.gretchen.engine.WebRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/// Makes a WebSocket of a request. No extension is agreed on: compression would keep a window of
/// tens of kilobytes for each connection.
final class SocketUpgrade {

  private final WebSocketMappings mappings;
  private final Configuration.ConfigurationCustomizer configuration =
      new Configuration.ConfigurationCustomizer();

  /// @param pool of the server
  /// @param executor of the server
  SocketUpgrade(ByteBufferPool pool, Executor executor) {
    this.mappings =
        new WebSocketMappings(new WebSocketComponents(null, null, pool, null, null, executor));
    // who is silent for too long is the front's to say
    configuration.setIdleTimeout(Duration.ZERO);
  }

  void upgrade(
      Routes.Found.AtSocket at,
      WebRequest asked,
      Request request,
      Response response,
      Callback callback)
      throws IOException {
    Optional<WebAnswer> refusal = at.view().refusal(asked);
    if (refusal.isPresent()) {
      AppEndpoints.write(refusal.get(), response, callback);
      return;
    }
    WebSocketNegotiator negotiator =
        (_, agreed, _) -> {
          agreed.setExtensions(List.of());
          return new SocketEndpoint(at.view(), at.messageBytesMax());
        };
    if (!mappings.upgrade(negotiator, request, response, callback, configuration)) {
      AppEndpoints.write(
          WebAnswer.text(426, "expected a WebSocket to be opened here")
              .with("Upgrade", "websocket"),
          response,
          callback);
    }
  }
}
