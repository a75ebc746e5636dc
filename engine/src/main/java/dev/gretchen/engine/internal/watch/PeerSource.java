package dev.gretchen.engine.internal.watch;

/// How the members of a group come to know each other.
public interface PeerSource {

  /// What a worker tells the others of itself.
  ///
  /// @param worker its slot
  /// @param instance its `group.instance.id`
  /// @param address where its links come in, as `host:port`
  record Announcement(String worker, String instance, String transactionalId, String address) {}

  /// Has the others told, from this worker's first join on. Called once, before it.
  void announce(Announcement self);

  /// The members under the assignment that a callback has just brought. On the polling thread.
  Peers assigned(int generation);

  /// Where nobody tells anything: nobody is watched.
  static PeerSource none() {
    return new PeerSource() {
      @Override
      public void announce(Announcement self) {
        // nobody asks
      }

      @Override
      public Peers assigned(int generation) {
        return Peers.NONE;
      }
    };
  }
}
