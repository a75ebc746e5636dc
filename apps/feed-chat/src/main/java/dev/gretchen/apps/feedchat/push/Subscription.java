package dev.gretchen.apps.feedchat.push;

/// That a client has joined a room, and where in it the client is. Confined to the pusher's thread.
///
/// This index is all that is kept of what a client has yet to be shown: posts wait in the window,
/// once for all clients.
final class Subscription {

  final Client client;
  final PushedRoom room;

  /// Where it begins, as long as nobody could say where the room stands.
  final int lastWanted;

  /// The index that is shown next; 0 as long as that is not known.
  long next;

  /// Whether the room's owner is asked on its behalf.
  boolean waits;

  /// Whether it stands in its client's line.
  boolean queued;

  /// Whether the client has left the room.
  boolean over;

  /// Where it stands in its room's list.
  int place;

  /// @param next 0 if it is not known yet
  Subscription(Client client, PushedRoom room, long next, int lastWanted) {
    this.client = client;
    this.room = room;
    this.next = next;
    this.lastWanted = lastWanted;
  }
}
