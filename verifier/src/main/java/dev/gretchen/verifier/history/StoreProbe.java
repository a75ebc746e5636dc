package dev.gretchen.verifier.history;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.truth.LogRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks workers what their stores hold, and writes the answers to the history: a summary of each
/// table partition, and the entries of those that they hold as active owner.
///
/// Summary and entries are two requests, so ask when all is quiet. A worker that does not answer in
/// [#ANSWER_MAX] is no observation. One thread at a time.
public final class StoreProbe implements AutoCloseable {

  /// How long a worker may take to begin its answer.
  public static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(StoreProbe.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();
  private final RunDirectory run;
  private final InstantSource clock;
  private final JsonLines.Writer<StoreLine> history;

  /// A probe that appends to a run's history.
  public StoreProbe(RunDirectory run, InstantSource clock) {
    this.run = run;
    this.clock = clock;
    this.history = new JsonLines.Writer<>(run.stores());
  }

  /// Asks every worker.
  ///
  /// @param workers by name, the root of each one's endpoints, such as `http://127.0.0.1:8081`
  /// @return what they told
  public List<StoreLine> probe(Map<String, URI> workers) throws InterruptedException {
    List<StoreLine> lines = new ArrayList<>();
    for (Map.Entry<String, URI> worker : workers.entrySet()) {
      try {
        for (JsonNode held : JSON.readTree(get(worker.getValue(), "/verify")).values()) {
          String path =
              "/verify/" + held.path("table").asString() + "/" + held.path("partition").asInt();
          lines.add(store(worker.getKey(), worker.getValue(), path));
        }
      } catch (IOException | JacksonException | IllegalArgumentException e) {
        log.atWarn()
            .addKeyValue("worker", worker.getKey())
            .addKeyValue("cause", e.toString())
            .log("a worker did not tell what its stores hold");
      }
    }
    return lines;
  }

  private StoreLine store(String worker, URI root, String path)
      throws IOException, InterruptedException {
    JsonNode summary = JSON.readTree(get(root, path));
    StoreLine line =
        new StoreLine(
            clock.millis(),
            summary.path("table").asString(),
            summary.path("partition").asInt(),
            worker,
            summary.path("role").asString(""),
            summary.path("state").asString(""),
            summary.path("records").asLong(),
            Hex16.of(Hex16.parse(summary.path("checksum").asString())),
            summary.path("position").asLong());
    if (line.role().equals("active")) {
      entries(line, root, path + "/entries");
    }
    history.append(line);
    return line;
  }

  private void entries(StoreLine line, URI root, String path)
      throws IOException, InterruptedException {
    HttpResponse<Stream<String>> answer = http.send(request(root, path), BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body();
        LogWriter writer =
            new LogWriter(run.storeEntries(line.table(), line.partition(), line.worker()))) {
      if (answer.statusCode() != 200) {
        throw new IOException(path + " answered " + answer.statusCode());
      }
      Base64.Decoder base64 = Base64.getDecoder();
      long number = 0;
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        String text = each.next();
        if (!text.isBlank()) {
          JsonNode entry = JSON.readTree(text);
          byte[] key = base64.decode(entry.path("key").asString());
          byte[] value = base64.decode(entry.path("value").asString());
          writer.append(
              new LogRecord(line.partition(), number++, 0, 0, key, value, false, 0, null));
        }
      }
    }
  }

  private String get(URI root, String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request(root, path), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answered " + answer.statusCode());
    }
    return answer.body();
  }

  private static HttpRequest request(URI root, String path) {
    return HttpRequest.newBuilder(root.resolve(path)).timeout(ANSWER_MAX).GET().build();
  }

  @Override
  public void close() {
    history.close();
    http.shutdownNow();
  }
}
