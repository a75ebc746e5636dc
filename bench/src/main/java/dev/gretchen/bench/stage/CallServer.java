package dev.gretchen.bench.stage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;

/// A service that takes its time: it answers each call with what it was sent, after a wait. Calls
/// wait beside one another, on virtual threads. Its arguments are a port on loopback and how long a
/// call takes, in milliseconds.
public final class CallServer {

  private static final int BACKLOG = 1_024;
  private static final int OK = 200;

  private CallServer() {}

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    Duration call = Duration.ofMillis(Long.parseLong(arguments[1]));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, call));
    server.start();
  }

  private static void answer(HttpExchange exchange, Duration call) throws IOException {
    try (exchange) {
      byte[] asked = exchange.getRequestBody().readAllBytes();
      Thread.sleep(call);
      exchange.sendResponseHeaders(OK, asked.length);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(asked);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a caller waited");
    }
  }
}
