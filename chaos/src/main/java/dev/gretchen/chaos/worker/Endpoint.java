package dev.gretchen.chaos.worker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// The HTTP endpoints of one worker's process, on loopback. Each request is bounded, because a
/// stopped process accepts connections and never answers.
final class Endpoint {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

  private final HttpClient client;
  private final URI base;

  Endpoint(HttpClient client, URI base) {
    this.client = client;
    this.base = base;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  /// Whether it answers 200; no answer counts as no.
  boolean isOk(String path) throws InterruptedException {
    try {
      return get(path).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(REQUEST_TIMEOUT);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
