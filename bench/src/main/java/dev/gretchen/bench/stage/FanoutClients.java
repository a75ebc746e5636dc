package dev.gretchen.bench.stage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gretchen.bench.FanoutOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/// Thousands of clients of a chat in one process, on one selector.
///
/// Arguments: the port where it tells what it has seen; the source address of its connections, so
/// that ports do not run out; the ports of the workers, comma-separated; how many clients; how many
/// of these are in room `hot`; over how many other rooms the rest is spread.
///
/// `GET /` answers one line: joined, closed, posts and frames so far, and the latencies in
/// milliseconds since the last question, as a compressed histogram in base64.
public final class FanoutClients implements LeanClient.Ledger {

  /// The room in which the rate is raised.
  private static final String HOT = FanoutOptions.HOT_ROOM;

  private static final int CONNECTING_MAX = 100;
  private static final int BUFFER_BYTES = 512 * 1024;
  private static final long SELECT_MILLIS = 50;
  private static final long LATENCY_MAX_MILLIS = 10 * 60 * 1_000L;
  private static final int OK = 200;

  private final InetAddress source;
  private final int[] workers;
  private final int clients;
  private final int hot;
  private final int rooms;
  private final Selector selector = Selector.open();
  private final ByteBuffer shared = ByteBuffer.allocate(BUFFER_BYTES);
  private final SingleWriterRecorder latencies = new SingleWriterRecorder(LATENCY_MAX_MILLIS, 2);
  private final AtomicLong joined = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong posts = new AtomicLong();
  private final AtomicLong frames = new AtomicLong();
  private int begun;
  private int connecting;

  private FanoutClients(List<String> arguments) throws IOException {
    this.source = InetAddress.getByName(arguments.get(1));
    this.workers =
        Arrays.stream(arguments.get(2).split(",", -1)).mapToInt(Integer::parseInt).toArray();
    this.clients = Integer.parseInt(arguments.get(3));
    this.hot = Integer.parseInt(arguments.get(4));
    this.rooms = Integer.parseInt(arguments.get(5));
  }

  public static void main(String[] arguments) throws IOException {
    FanoutClients all = new FanoutClients(List.of(arguments));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            0);
    server.createContext("/", all::tell);
    server.start();
    all.run();
  }

  private void run() throws IOException {
    while (true) {
      while (begun < clients && connecting < CONNECTING_MAX) {
        connect();
      }
      selector.select(SELECT_MILLIS);
      for (SelectionKey key : selector.selectedKeys()) {
        LeanClient client = (LeanClient) key.attachment();
        try {
          serve(key, client);
        } catch (IOException _) {
          client.end();
        }
        if (client.isOver()) {
          key.cancel();
        }
      }
      selector.selectedKeys().clear();
    }
  }

  private void connect() throws IOException {
    int number = begun++;
    connecting++;
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.bind(new InetSocketAddress(source, 0));
    String room = number < hot ? HOT : "room-" + number % rooms;
    LeanClient client = new LeanClient(channel, "viewer-" + number, room, this);
    channel.register(selector, SelectionKey.OP_CONNECT, client);
    channel.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), workers[number % workers.length]));
  }

  private void serve(SelectionKey key, LeanClient client) throws IOException {
    if (key.isConnectable()) {
      connecting--;
      ((SocketChannel) key.channel()).finishConnect();
      key.interestOps(SelectionKey.OP_READ);
      client.connected();
    } else if (key.isReadable()) {
      client.readable(shared);
    }
  }

  @Override
  public void joined() {
    joined.incrementAndGet();
  }

  @Override
  public void post(long at) {
    posts.incrementAndGet();
    latencies.recordValue(Math.clamp(System.currentTimeMillis() - at, 0, LATENCY_MAX_MILLIS));
  }

  @Override
  public void frame() {
    frames.incrementAndGet();
  }

  @Override
  public void closed() {
    closed.incrementAndGet();
  }

  private void tell(HttpExchange exchange) throws IOException {
    try (exchange) {
      Histogram since = latencies.getIntervalHistogram();
      ByteBuffer packed = ByteBuffer.allocate(since.getNeededByteBufferCapacity());
      int length = since.encodeIntoCompressedByteBuffer(packed);
      String histogram = Base64.getEncoder().encodeToString(Arrays.copyOf(packed.array(), length));
      byte[] line =
          (joined.get()
                  + " "
                  + closed.get()
                  + " "
                  + posts.get()
                  + " "
                  + frames.get()
                  + " "
                  + histogram)
              .getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(OK, line.length);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(line);
      }
    }
  }
}
