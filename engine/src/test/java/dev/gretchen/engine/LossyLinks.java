package dev.gretchen.engine;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.Link;
import dev.gretchen.engine.internal.surroundings.link.LinkEvent;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The links between the workers of a test: real sockets, on some of which what is sent gets lost,
/// and nobody is told. Their connections to Kafka are their own affair.
///
/// Any thread may use it.
final class LossyLinks {

  private record Way(String from, String to) {}

  /// Whose an address is.
  private final Map<String, String> workers = new ConcurrentHashMap<>();

  private final Set<Way> cut = ConcurrentHashMap.newKeySet();
  private final AtomicLong lost = new AtomicLong();

  /// From now on nothing that one worker sends reaches the other.
  void cut(String from, String to) {
    cut.add(new Way(from, to));
  }

  /// How many frames were lost.
  long lost() {
    return lost.get();
  }

  /// The same surroundings with these links.
  Surroundings around(Surroundings real, String worker) {
    return new Lossy(real, new Ends(real.links(), worker));
  }

  private boolean loses(String from, String address) {
    String to = workers.get(address);
    boolean loses = to != null && cut.contains(new Way(from, to));
    if (loses) {
      lost.incrementAndGet();
    }
    return loses;
  }

  /// Where one worker's links come from. Workers speak on those that they have opened; those that
  /// were opened to them stay as they are.
  private final class Ends implements Links {
    private final Links sockets;
    private final String worker;

    Ends(Links sockets, String worker) {
      this.sockets = sockets;
      this.worker = worker;
    }

    @Override
    public Harbour listen(String host, Consumer<LinkEvent> events) throws IOException {
      Map<Link, Link> outer = new ConcurrentHashMap<>();
      // held while a link is made: the first that is told of it must find it
      Object making = new Object();
      Harbour harbour =
          sockets.listen(
              host,
              event -> {
                synchronized (making) {
                  events.accept(of(event, outer.getOrDefault(event.link(), event.link())));
                }
              });
      workers.put(harbour.address(), worker);
      return new Harbour() {
        @Override
        public String address() {
          return harbour.address();
        }

        @Override
        public Link connect(String address) {
          synchronized (making) {
            Link socket = harbour.connect(address);
            Link link = lossy(socket, address);
            outer.put(socket, link);
            return link;
          }
        }

        @Override
        public @Nullable Throwable failure() {
          return harbour.failure();
        }

        @Override
        public void close() {
          harbour.close();
        }
      };
    }

    private Link lossy(Link socket, String address) {
      return new Link() {
        @Override
        public boolean send(byte[] frame) {
          return loses(worker, address) || socket.send(frame);
        }

        @Override
        public void close() {
          socket.close();
        }
      };
    }

    private LinkEvent of(LinkEvent event, Link link) {
      return switch (event) {
        case LinkEvent.Opened _ -> new LinkEvent.Opened(link);
        case LinkEvent.Accepted _ -> new LinkEvent.Accepted(link);
        case LinkEvent.Received(_, byte[] frame) -> new LinkEvent.Received(link, frame);
        case LinkEvent.Closed _ -> new LinkEvent.Closed(link);
        case LinkEvent.Refused _ -> new LinkEvent.Refused(link);
        case LinkEvent.Unreachable _ -> new LinkEvent.Unreachable(link);
      };
    }
  }

  private record Lossy(Surroundings real, Links links) implements Surroundings {

    @Override
    public KafkaClients kafka() {
      return real.kafka();
    }

    @Override
    public InstantSource clock() {
      return real.clock();
    }

    @Override
    public long nanoTime() {
      return real.nanoTime();
    }

    @Override
    public RandomGenerator random() {
      return real.random();
    }

    @Override
    public Executor handlers() {
      return real.handlers();
    }

    @Override
    public Runnable interrupter() {
      return real.interrupter();
    }

    @Override
    public Monitor monitor() {
      return real.monitor();
    }

    @Override
    public void halt(int status) {
      real.halt(status);
    }

    @Override
    public Running start(String name, Activity activity, Consumer<@Nullable Throwable> ended) {
      return real.start(name, activity, ended);
    }
  }
}
