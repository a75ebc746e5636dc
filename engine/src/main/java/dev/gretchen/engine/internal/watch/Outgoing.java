package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.surroundings.link.Link;
import org.jspecify.annotations.Nullable;

/// The link to one peer, which is opened again as long as the peer is a member. Confined to the
/// watch's thread.
final class Outgoing {

  private final String instance;
  private final String address;
  private @Nullable Link link;
  private boolean open;
  private long retryAt;

  Outgoing(String instance, String address) {
    this.instance = instance;
    this.address = address;
  }

  String instance() {
    return instance;
  }

  String address() {
    return address;
  }

  @Nullable Link link() {
    return link;
  }

  boolean isOpen() {
    return open;
  }

  void begun(Link begun) {
    link = begun;
    open = false;
  }

  void opened() {
    open = true;
  }

  /// There is none now; to be tried again from a time on.
  void ended(long again) {
    link = null;
    open = false;
    retryAt = again;
  }

  boolean isDue(long now) {
    return link == null && now >= retryAt;
  }
}
