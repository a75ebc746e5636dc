package dev.gretchen.testkit.link;

import dev.gretchen.engine.internal.surroundings.link.Link;
import dev.gretchen.engine.internal.surroundings.link.LinkEvent;
import dev.gretchen.engine.internal.surroundings.link.Links;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All links of a simulation.
///
/// As kernels do it: a process that dies has its links closed at once, and whoever calls it is
/// refused; one that stands still keeps its links and is connected to, and answers nothing; what is
/// sent into a cut is gone and nobody is told, but the end of a link gets through once the cut is
/// healed.
public final class SimLinkNet {

  private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);

  private final Scheduler scheduler;
  private final LinkWeather weather;
  private final Map<String, Port> ports = new LinkedHashMap<>();

  public SimLinkNet(Scheduler scheduler, LinkWeather weather) {
    this.scheduler = scheduler;
    this.weather = weather;
  }

  /// A network without anything in the way.
  public static SimLinkNet clear(Scheduler scheduler) {
    return new SimLinkNet(
        scheduler,
        new LinkWeather() {
          @Override
          public long latencyNanos(String from, String to) {
            return 50_000 + scheduler.random().nextLong(100_000);
          }

          @Override
          public long cutUntil(String from, String to) {
            return 0;
          }
        });
  }

  /// The links of one process.
  public Links of(SimProcess process) {
    return (_, events) -> {
      Port port = new Port(process, events);
      ports.put(port.address, port);
      process.whenKilled(port::died);
      return port;
    };
  }

  /// What lies in the way of these links.
  public LinkWeather weather() {
    return weather;
  }

  /// Whether links to a process come in: not before it has opened its harbour, and no more when it
  /// has closed it, be it long before its end.
  public boolean isListening(String process) {
    return ports.values().stream().anyMatch(port -> port.process.name().equals(process));
  }

  private boolean isCut(SimProcess from, SimProcess to) {
    return weather.cutUntil(from.name(), to.name()) > scheduler.now();
  }

  private final class Port implements Links.Harbour {
    private final SimProcess process;
    private final Consumer<LinkEvent> events;
    private final String address;
    private final List<End> ends = new ArrayList<>();

    Port(SimProcess process, Consumer<LinkEvent> events) {
      this.process = process;
      this.events = events;
      this.address = process.name() + ":" + process.number();
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public @Nullable Throwable failure() {
      return null;
    }

    @Override
    public Link connect(String to) {
      scheduler.requireAlive();
      End here = new End(this);
      ends.add(here);
      Port target = ports.get(to);
      if (target == null) {
        scheduler.soon(process, () -> refused(here));
        return here;
      }
      if (isCut(process, target.process) || isCut(target.process, process)) {
        scheduler.after(process, CONNECT_BOUND.toNanos(), () -> unreachable(here));
        return here;
      }
      long there = weather.latencyNanos(process.name(), target.process.name());
      long back = weather.latencyNanos(target.process.name(), process.name());
      scheduler.after(scheduler.world(), there, () -> arrive(here, target, back));
      return here;
    }

    /// The kernel of the other side answers, whatever its process does.
    private void arrive(End here, Port target, long back) {
      if (process.isKilled() || !ends.contains(here)) {
        return;
      }
      if (ports.get(target.address) != target) {
        scheduler.after(process, back, () -> refused(here));
        return;
      }
      End there = new End(target);
      target.ends.add(there);
      here.other = there;
      there.other = here;
      there.open = true;
      scheduler.soon(target.process, () -> target.tell(there, new LinkEvent.Accepted(there)));
      scheduler.after(
          process,
          back,
          () -> {
            if (ends.contains(here)) {
              here.open = true;
              tell(here, new LinkEvent.Opened(here));
            }
          });
    }

    private void refused(End here) {
      scheduler.note(process, "link refused", 0, 0);
      tell(here, new LinkEvent.Refused(here));
      ends.remove(here);
    }

    private void unreachable(End here) {
      tell(here, new LinkEvent.Unreachable(here));
      ends.remove(here);
    }

    private void tell(End end, LinkEvent event) {
      if (ends.contains(end)) {
        events.accept(event);
      }
    }

    private void died() {
      ports.remove(address, this);
      List.copyOf(ends).forEach(End::hangUp);
      ends.clear();
    }

    @Override
    public void close() {
      died();
    }
  }

  private final class End implements Link {
    private final Port port;
    private @Nullable End other;
    private boolean open;
    private long lastArrival;

    End(Port port) {
      this.port = port;
    }

    @Override
    public boolean send(byte[] frame) {
      scheduler.requireAlive();
      End receiver = other;
      if (!open || receiver == null || !port.ends.contains(this)) {
        return false;
      }
      SimProcess to = receiver.port.process;
      if (!isCut(port.process, to)) {
        byte[] copy = frame.clone();
        after(
            receiver,
            weather.latencyNanos(port.process.name(), to.name()),
            () -> receiver.port.tell(receiver, new LinkEvent.Received(receiver, copy)));
      }
      return true;
    }

    @Override
    public void close() {
      hangUp();
      port.ends.remove(this);
    }

    /// The other side is told, after everything that was sent; into a cut, when it has healed.
    private void hangUp() {
      End receiver = other;
      if (receiver == null || !receiver.port.ends.contains(receiver)) {
        return;
      }
      SimProcess to = receiver.port.process;
      long cut = weather.cutUntil(port.process.name(), to.name()) - scheduler.now();
      after(
          receiver,
          Math.max(0, cut) + weather.latencyNanos(port.process.name(), to.name()),
          () -> {
            if (receiver.port.ends.contains(receiver)) {
              scheduler.note(to, "link closed", 0, 0);
              receiver.port.tell(receiver, new LinkEvent.Closed(receiver));
              receiver.port.ends.remove(receiver);
            }
          });
    }

    private void after(End receiver, long delay, Runnable arrival) {
      lastArrival = Math.max(scheduler.now() + delay, lastArrival + 1);
      scheduler.after(receiver.port.process, lastArrival - scheduler.now(), arrival);
    }
  }
}
