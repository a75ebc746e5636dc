package dev.gretchen.chaos.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Passes requests on to a service elsewhere.
final class Forwarding implements Backend {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// What belongs to one connection and not to the request.
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "host",
          "transfer-encoding",
          "upgrade",
          "expect",
          "http2-settings",
          "accept-encoding");

  private final URI service;
  private final HttpClient client;

  Forwarding(URI service) {
    this.service = service;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  @Override
  public Answer answer(Request request) throws IOException, InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(service.resolve(request.target()))
            .timeout(TIMEOUT)
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request
        .headers()
        .forEach((name, value) -> {
          if (!OF_THE_CONNECTION.contains(name)) {
            builder.header(name, value);
          }
        });
    HttpResponse<byte[]> response =
        client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
    Map<String, String> headers = new HashMap<>();
    response.headers().map().forEach((name, values) -> keep(headers, name, values));
    return new Answer(response.statusCode(), headers, response.body());
  }

  private static void keep(Map<String, String> headers, String name, List<String> values) {
    if (!OF_THE_CONNECTION.contains(name) && !name.startsWith(":")) {
      headers.put(name, values.getFirst());
    }
  }
}
