package dev.gretchen.bench.stage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.jspecify.annotations.Nullable;

/// The floor of a chat: no bans, no resuming, no numbers of its own, no order but that of the
/// topic. It reads a topic and writes each record to each connection that has joined the record's
/// room, one write a post. A connection that has [#PENDING_MAX] writes under way loses the next.
///
/// Arguments: the port on loopback, the brokers, the topic.
public final class BroadcastLoop {

  private static final int PENDING_MAX = 256;
  private static final Duration POLL = Duration.ofMillis(50);

  private final Map<String, Set<Member>> rooms = new ConcurrentHashMap<>();

  private BroadcastLoop() {}

  public static void main(String[] arguments) throws Exception {
    BroadcastLoop loop = new BroadcastLoop();
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(arguments[0]));
    connector.setAcceptQueueSize(1_024);
    server.addConnector(connector);
    server.setHandler(loop.new Upgrade(server));
    server.start();
    loop.broadcast(arguments[1], arguments[2]);
  }

  private void broadcast(String bootstrap, String topic) {
    Properties settings = new Properties();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      while (true) {
        for (ConsumerRecord<String, String> post : consumer.poll(POLL)) {
          push(post.key(), post.value());
        }
      }
    }
  }

  private void push(String room, String post) {
    String text = "{\"type\":\"posts\",\"room\":\"" + room + "\",\"posts\":[" + post + "]}";
    ByteBuffer frame = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    rooms.getOrDefault(room, Set.of()).forEach(member -> member.push(frame));
  }

  /// Makes a WebSocket of every request.
  private final class Upgrade extends Handler.Abstract {
    private final WebSocketMappings mappings;
    private final WebSocketNegotiator negotiator =
        (_, response, _) -> {
          response.setExtensions(List.of());
          return new Member();
        };
    private final Configuration.ConfigurationCustomizer configuration =
        new Configuration.ConfigurationCustomizer();

    Upgrade(Server server) {
      this.mappings =
          new WebSocketMappings(
              new WebSocketComponents(
                  null, null, server.getByteBufferPool(), null, null, server.getThreadPool()));
      configuration.setIdleTimeout(Duration.ZERO);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (!mappings.upgrade(negotiator, request, response, callback, configuration)) {
        Response.writeError(request, response, callback, 426);
      }
      return true;
    }
  }

  /// One connection.
  private final class Member implements FrameHandler {
    private final AtomicInteger pending = new AtomicInteger();
    private final Callback written = Callback.from(pending::decrementAndGet);
    private volatile @Nullable CoreSession session;
    private volatile String room = "";

    void push(ByteBuffer payload) {
      CoreSession open = session;
      if (open == null || pending.get() >= PENDING_MAX) {
        return;
      }
      pending.incrementAndGet();
      open.sendFrame(new Frame(OpCode.TEXT, payload.slice()), written, false);
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
      session = opened;
      callback.succeeded();
      opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      CoreSession open = session;
      if (open != null && frame.getOpCode() == OpCode.TEXT) {
        String text = frame.getPayloadAsUTF8();
        int at = text.indexOf("\"room\":\"");
        if (at >= 0) {
          String named = text.substring(at + 8, text.indexOf('"', at + 8));
          room = named;
          rooms.computeIfAbsent(named, _ -> ConcurrentHashMap.newKeySet()).add(this);
          String joined = "{\"type\":\"joined\",\"room\":\"" + named + "\",\"from\":1}";
          open.sendFrame(new Frame(OpCode.TEXT, joined), Callback.NOOP, false);
        }
      }
      callback.succeeded();
      if (open != null && frame.getOpCode() != OpCode.CLOSE) {
        open.demand();
      }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      rooms.computeIfPresent(
          room,
          (_, members) -> {
            members.remove(this);
            return members;
          });
      callback.succeeded();
    }
  }
}
