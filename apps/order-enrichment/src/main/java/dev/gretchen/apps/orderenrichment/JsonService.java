package dev.gretchen.apps.orderenrichment;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One service over HTTP with JSON answers. Any thread.
///
/// All calls are POST: the JDK's client sends a GET again by itself when a connection breaks, past
/// all pauses and limits.
final class JsonService {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Pattern SECONDS = Pattern.compile("\\d{1,4}");
  private static final int TOO_MANY = 429;

  private final URI address;
  private final String caller;
  private final Dependency dependency;
  private final Duration timeout;
  private final HttpClient client;

  /// @param caller the worker, as the service is told
  JsonService(String service, URI address, String caller, CallLimits limits) {
    this.address = address;
    this.caller = caller;
    this.dependency = new Dependency(service, limits);
    this.timeout = limits.timeout();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(limits.timeout())
            .build();
  }

  /// An answer: its headers and what its body holds.
  record Answer(HttpResponse<String> response, JsonNode json) {

    /// @throws TryAgain where the answer does not carry back what the request carried
    void mustEcho(String header, String expected) {
      String found = response.headers().firstValue(header).orElse("none");
      if (!found.equals(expected)) {
        throw new TryAgain("the answer is for another call: its " + header + " is " + found);
      }
    }
  }

  /// Reads an answer; throws [TryAgain] where it is not what was asked for.
  interface Reader<T> {
    T read(Answer answer);
  }

  /// Posts until there is an answer that can be read.
  ///
  /// @throws DependencyFailure where there was none within the time for it
  <T> T post(String path, Map<String, String> headers, String body, Reader<T> reader) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    Attempts attempts = new Attempts(caller);
    return dependency.call(() -> {
      HttpRequest ready = request.setHeader(Attempts.HEADER, attempts.next()).build();
      return reader.read(attempt(ready));
    });
  }

  private Answer attempt(HttpRequest request) {
    HttpResponse<String> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new TryAgain(String.valueOf(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TryAgain("interrupted", e);
    }
    int status = response.statusCode();
    if (status >= 500 || status == TOO_MANY) {
      throw new TryAgain("status " + status, retryAfter(response));
    }
    if (status >= 300) {
      throw new DependencyFailure(
          dependency.service(), "status " + status + ": " + response.body());
    }
    try {
      return new Answer(response, JSON.readTree(response.body()));
    } catch (JacksonException e) {
      throw new TryAgain("the answer is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Duration retryAfter(HttpResponse<String> response) {
    String header = response.headers().firstValue("retry-after").orElse("");
    return SECONDS.matcher(header).matches()
        ? Duration.ofSeconds(Long.parseLong(header))
        : Duration.ZERO;
  }
}
