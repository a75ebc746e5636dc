package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.surroundings.link.Link;
import dev.gretchen.engine.internal.surroundings.link.LinkEvent;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A link to each peer, over which this worker speaks, and the links of peers, over which it hears.
/// What it learns of death goes to the [Lookout].
///
/// A port may be taken by somebody else after its worker has died: who listens says so first, and
/// another name than the expected one counts as a refusal.
///
/// Confined to the watch's thread.
final class Mesh {

  private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);

  /// One that refuses is asked again: an accident on the way must not make it dead for ever.
  private static final Duration TRY_AGAIN = Duration.ofMillis(250);

  private final Links.Harbour harbour;
  private final Lookout lookout;
  private final byte[] hello;
  private final Map<String, Outgoing> outgoing = new TreeMap<>();
  private final Map<Link, Outgoing> byLink = new HashMap<>();

  /// Who speaks on the links that came here, empty for one that has not spoken yet.
  private final Map<Link, String> incoming = new LinkedHashMap<>();

  Mesh(Links.Harbour harbour, Lookout lookout, String self) {
    this.harbour = harbour;
    this.lookout = lookout;
    this.hello = new Message.Hello(self).encoded();
  }

  /// Links with the peers there are now, and no others.
  void follow(Peers peers, String self, long now) {
    for (Outgoing each : List.copyOf(outgoing.values())) {
      Peer peer = peers.find(each.instance());
      if (peer == null || !peer.address().equals(each.address())) {
        Link link = each.link();
        if (link != null) {
          byLink.remove(link);
          link.close();
        }
        outgoing.remove(each.instance());
      }
    }
    for (Peer peer : peers.members()) {
      if (!peer.instance().equals(self) && !peer.address().isEmpty()) {
        outgoing.computeIfAbsent(peer.instance(), key -> new Outgoing(key, peer.address()));
      }
    }
    connect(now);
  }

  /// Opens what is not open.
  void connect(long now) {
    for (Outgoing each : outgoing.values()) {
      if (each.isDue(now)) {
        Link link = harbour.connect(each.address());
        each.begun(link);
        byLink.put(link, each);
      }
    }
  }

  /// Takes leave of everybody who watches this worker, also of those whom it does not know.
  ///
  /// @param parting that this worker is about to leave, or has left
  void takeLeave(Message parting) {
    broadcast(parting);
    byte[] frame = parting.encoded();
    incoming.keySet().forEach(link -> link.send(frame));
  }

  void broadcast(Message message) {
    byte[] frame = message.encoded();
    for (Outgoing each : outgoing.values()) {
      Link link = each.link();
      if (link != null && each.isOpen()) {
        link.send(frame);
      }
    }
  }

  /// Takes what happened to a link.
  ///
  /// @return what a peer said, or null
  @Nullable Message take(LinkEvent event, long now) {
    Outgoing to = byLink.get(event.link());
    switch (event) {
      case LinkEvent.Accepted(Link link) -> {
        incoming.put(link, "");
        link.send(hello);
      }
      case LinkEvent.Opened(_) -> {
        if (to != null) {
          to.opened();
        }
      }
      case LinkEvent.Received(Link link, byte[] frame) -> {
        return received(link, to, frame, now);
      }
      case LinkEvent.Closed(Link link) -> {
        if (to != null) {
          // at once: a port that refuses now is what tells death from an accident
          ended(link, to, now);
          connect(now);
        }
        String speaker = incoming.remove(link);
        if (speaker != null && !speaker.isEmpty()) {
          lookout.unlinked(speaker);
        }
      }
      case LinkEvent.Refused(Link link) -> {
        if (to != null) {
          ended(link, to, now + TRY_AGAIN.toNanos());
          lookout.refused(to.instance());
        }
      }
      case LinkEvent.Unreachable(Link link) -> {
        if (to != null) {
          ended(link, to, now + TRY_AGAIN.toNanos());
        }
      }
    }
    return null;
  }

  private @Nullable Message received(Link link, @Nullable Outgoing to, byte[] frame, long now) {
    Message message;
    try {
      message = Message.decoded(frame);
    } catch (IOException garbled) {
      LOG.atWarn().addKeyValue("reason", garbled.toString()).log("link closed to a stranger");
      link.close();
      incoming.remove(link);
      if (to != null) {
        ended(link, to, now + TRY_AGAIN.toNanos());
        lookout.refused(to.instance());
      }
      return null;
    }
    if (message instanceof Message.Hello(String instance)) {
      if (to != null && instance.equals(to.instance())) {
        lookout.reached(instance);
      } else if (to != null) {
        link.close();
        ended(link, to, now + TRY_AGAIN.toNanos());
        lookout.refused(to.instance());
      }
      return null;
    }
    if (to == null && message instanceof Message.Pulse pulse) {
      incoming.put(link, pulse.instance());
    }
    return message;
  }

  private void ended(Link link, Outgoing to, long again) {
    byLink.remove(link);
    to.ended(again);
  }

  /// @throws IllegalStateException if there are no links any more: who neither watches nor is
  ///   watched would look dead to all, and be evicted again and again
  void requireLinks() {
    Throwable failure = harbour.failure();
    if (failure != null) {
      throw new IllegalStateException("the links to the other workers have ended", failure);
    }
  }

  void close() {
    harbour.close();
  }
}
