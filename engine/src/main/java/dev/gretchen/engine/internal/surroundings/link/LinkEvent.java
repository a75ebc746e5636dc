package dev.gretchen.engine.internal.surroundings.link;

/// What happens to a link.
public sealed interface LinkEvent {

  Link link();

  /// One that was asked for is open.
  record Opened(Link link) implements LinkEvent {}

  /// Somebody has opened one to here.
  record Accepted(Link link) implements LinkEvent {}

  @SuppressWarnings("ArrayRecordComponent")
  record Received(Link link, byte[] frame) implements LinkEvent {}

  /// An open one has ended: its other end closed it, or died, or spoke another language.
  record Closed(Link link) implements LinkEvent {}

  /// Nobody listens at the address: a host that lives says so.
  record Refused(Link link) implements LinkEvent {}

  /// Nothing answered in time, or the address leads nowhere. It says nothing of who lives.
  record Unreachable(Link link) implements LinkEvent {}
}
