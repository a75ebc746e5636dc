package dev.gretchen.chaos.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A worker without an app: it answers as the contract says, recovers for a moment whenever its
/// disk was empty, writes to its disk all the time, takes a moment to leave, and reaches each of
/// its failpoints as soon as that is armed.
public final class FakeWorker {
  private static final long RECOVERY_MILLIS = 500;
  private static final long STEP_MILLIS = 10;
  private static final long LEAVING_MILLIS = 150;

  private final Map<String, Integer> paused = new ConcurrentHashMap<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private volatile String state = "recovering";

  private FakeWorker() {}

  /// Arguments: the state directory; the port.
  public static void main(String[] args) throws Exception {
    Thread.ofPlatform().daemon().start(FakeWorker::exitWithInput);
    Runtime.getRuntime().addShutdownHook(new Thread(FakeWorker::leave));
    FakeWorker worker = new FakeWorker();
    if (!lock(Path.of(args[0] + ".lock"))) {
      System.err.println("error: another process has the lock of " + args[0]);
      Runtime.getRuntime().halt(1);
    }
    if (String.valueOf(System.getenv("GRETCHEN_FAILPOINTS")).equals("recovery.midway=pause")) {
      worker.paused.put("recovery.midway", 1);
    }
    worker.serve(Integer.parseInt(args[1]));
    Path store = Path.of(args[0], "store");
    try {
      worker.recover(store);
    } catch (IOException e) {
      System.err.println("error: the disk cannot be used: " + e);
      Runtime.getRuntime().halt(1);
    }
    Thread.ofPlatform().daemon().start(() -> keepWriting(store));
  }

  /// It has something to do before it goes.
  private static void leave() {
    try {
      Thread.sleep(LEAVING_MILLIS);
    } catch (InterruptedException e) {
      System.err.println(e);
    }
    Runtime.getRuntime().halt(0);
  }

  /// Whatever its disk says to that.
  private static void keepWriting(Path store) {
    while (true) {
      try {
        Thread.sleep(STEP_MILLIS);
        Files.writeString(
            store, " and one of " + System.currentTimeMillis(), StandardOpenOption.APPEND);
      } catch (IOException e) {
        System.err.println(e);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  @SuppressWarnings("StreamResourceLeak") // held until the process ends
  private static boolean lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return channel.tryLock() != null;
  }

  private static void exitWithInput() {
    try {
      while (System.in.read() >= 0) {
        // nothing is expected
      }
    } catch (IOException e) {
      System.err.println(e);
    }
    Runtime.getRuntime().halt(3);
  }

  private void recover(Path store) throws IOException, InterruptedException {
    if (!Files.exists(store)) {
      Thread.sleep(RECOVERY_MILLIS);
      while (paused.containsKey("recovery.midway")) {
        Thread.sleep(STEP_MILLIS);
      }
      Files.writeString(store, "some records");
    }
    Files.writeString(store, " and one of " + System.nanoTime(), StandardOpenOption.APPEND);
    state = "running";
  }

  private void serve(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (path.equals("/readyz")) {
      reply(exchange, state.equals("running") ? 200 : 503, "");
    } else if (path.equals("/verify")) {
      reply(exchange, 200, "[{\"table\":\"t\",\"partition\":0,\"state\":\"" + state + "\"}]");
    } else if (path.equals("/connect")) {
      connections.add(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(query)));
      reply(exchange, 200, "");
    } else if (path.equals("/die")) {
      System.err.println(query);
      Runtime.getRuntime().halt(42);
    } else if (exchange.getRequestMethod().equals("POST")) {
      post(path.substring("/failpoints/".length()), query);
      reply(exchange, 200, "");
    } else {
      reply(exchange, 200, failpoints());
    }
  }

  private void post(String name, String query) {
    if (query.startsWith("action=pause")) {
      paused.put(name, 3);
    } else {
      paused.remove(name);
    }
  }

  private String failpoints() {
    StringBuilder json = new StringBuilder("[");
    paused.forEach((name, hits) ->
        json.append(json.length() > 1 ? "," : "")
            .append("{\"name\":\"" + name + "\",\"hits\":" + hits)
            .append(",\"armed\":\"pause\",\"paused\":true}"));
    return json.append("]").toString();
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
