package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Peers;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableQuery;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks other workers over HTTP, at the endpoints that the assignment tells. Any thread; the client
/// is made when it is needed first.
public final class HttpPeers implements Peers {

  private static final Duration CONNECT_BOUND = Duration.ofMillis(300);

  /// A frozen worker takes the connection and says nothing.
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(1);

  private @Nullable HttpClient client;
  private boolean closed;

  @Override
  public Routed ask(Peer peer, TableQuery query, Asked asked) {
    HttpClient http = client();
    if (http == null) {
      return nothing("this worker stops");
    }
    if (peer.endpoint().isEmpty()) {
      return nothing("it has told no endpoint");
    }
    try {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(uri(peer, query))
                  .timeout(ANSWER_BOUND)
                  .header(TableEndpoint.ASKED, TableEndpoint.text(asked))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return TableEndpoint.parse(answer.statusCode(), answer.body());
    } catch (IOException | IllegalArgumentException none) {
      return nothing("no answer from " + peer.endpoint() + " (" + none + ")");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return nothing("interrupted");
    }
  }

  private static Routed nothing(String why) {
    return new Routed.Nobody(why, "");
  }

  private static URI uri(Peer peer, TableQuery query) {
    return URI.create(
        "http://"
            + peer.endpoint()
            + "/table/"
            + URLEncoder.encode(query.table(), StandardCharsets.UTF_8)
            + "?key64="
            + TableEndpoint.key64(query.key())
            + (query.at() == null ? "" : "&at=" + query.at()));
  }

  private synchronized @Nullable HttpClient client() {
    if (client == null && !closed) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_BOUND)
              .build();
    }
    return closed ? null : client;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.shutdownNow();
    }
  }
}
