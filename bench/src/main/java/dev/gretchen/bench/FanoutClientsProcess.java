package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Child;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// A process full of clients, and what it tells of them.
final class FanoutClientsProcess {

  private static final Duration ANSWER_BOUND = Duration.ofSeconds(20);
  private static final Duration UP_BOUND = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int FIELDS = 5;

  private final Child child;
  private final URI address;
  private final HttpClient http;

  /// What all clients of a process have seen.
  ///
  /// @param latencies of the posts since the last question, milliseconds
  record Seen(long joined, long closed, long posts, long frames, Histogram latencies) {}

  FanoutClientsProcess(Child child, int port, HttpClient http) {
    this.child = child;
    this.address = URI.create("http://127.0.0.1:" + port + "/");
    this.http = http;
  }

  /// Asks it; waits a while for one that has just begun.
  Seen ask() throws InterruptedException {
    HttpRequest question = HttpRequest.newBuilder(address).timeout(ANSWER_BOUND).build();
    long deadline = System.nanoTime() + UP_BOUND.toNanos();
    while (true) {
      try {
        return read(http.send(question, HttpResponse.BodyHandlers.ofString()).body());
      } catch (IOException cause) {
        if (!child.isAlive() || System.nanoTime() > deadline) {
          throw new EnvironmentFailure(
              "the clients do not answer; their log ends with\n" + child.logTail(10), cause);
        }
        Thread.sleep(POLL);
      }
    }
  }

  private static Seen read(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS) {
      throw new EnvironmentFailure("the clients say '" + line + "', expected five words");
    }
    try {
      return new Seen(
          Long.parseLong(fields[0]),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[2]),
          Long.parseLong(fields[3]),
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(fields[4])), 0));
    } catch (DataFormatException cause) {
      throw new EnvironmentFailure("the clients' latencies cannot be read: " + cause, cause);
    }
  }
}
