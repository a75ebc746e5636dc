package dev.gretchen.verifier.truth;

/// One thing that a client of a chat did or was told, by the judge's clock. Rooms are named by
/// their number in the load.
public sealed interface Sighting {

  /// Epoch milliseconds.
  long at();

  /// The client's number.
  int client();

  /// It is connected, and a worker has welcomed it.
  ///
  /// @param incarnation the worker's process
  record Connected(long at, int client, String worker, String incarnation) implements Sighting {}

  /// It asks for a room.
  ///
  /// @param after the index behind which it wants to go on, [#NOWHERE] where with what comes
  record Asked(long at, int client, int room, long after) implements Sighting {}

  /// It was told that a room's posts come.
  ///
  /// @param from the first index that comes
  record Joined(long at, int client, int room, long from) implements Sighting {}

  /// It was shown a post.
  ///
  /// @param withheld version of the ban for which it was withheld, [#NOWHERE] where it was whole
  record Shown(long at, int client, int room, long index, long id, long withheld)
      implements Sighting {
    /// Whether it was shown whole.
    public boolean isWhole() {
      return withheld == NOWHERE;
    }
  }

  /// It was told that posts of a room cannot be had, both included.
  record Skipped(long at, int client, int room, long from, long to) implements Sighting {}

  /// It posts.
  record Posted(long at, int client, long id) implements Sighting {}

  /// It was told what became of its post.
  ///
  /// @param partition of the record, -1 where there need be none
  /// @param offset of the record, likewise
  record Answered(long at, int client, long id, Answer answer, int partition, long offset)
      implements Sighting {}

  /// It was answered what the last posts of a room are, having said which it had seen.
  ///
  /// @param seen the highest index that it had seen
  /// @param last index of the last post in the answer, 0 where there was none
  /// @param posts how many posts the answer held
  /// @param hash of their ids in order, as [ChatFold#chained] has it
  record Read(long at, int client, int room, long seen, long last, int posts, long hash)
      implements Sighting {}

  /// It tried to ban somebody without the right to.
  record TriedToBan(long at, int client, String user) implements Sighting {}

  /// Its connection has ended.
  ///
  /// @param code of the WebSocket's close frame, or 1006 where there was none
  record Parted(long at, int client, int code, String reason) implements Sighting {}

  /// What can become of a post.
  enum Answer {
    /// It is in the log.
    IN_LOG(0),
    /// It is not, and never will be.
    REFUSED(1),
    /// Nobody knows.
    UNKNOWN(2);

    private final int code;

    Answer(int code) {
      this.code = code;
    }

    /// The number that stands for it in a history file.
    public int code() {
      return code;
    }

    /// The answer of a number.
    ///
    /// @throws IllegalArgumentException for any other number
    public static Answer of(long code) {
      for (Answer answer : values()) {
        if (answer.code == code) {
          return answer;
        }
      }
      throw new IllegalArgumentException("no answer to a post has the number " + code);
    }
  }

  /// No index, and no version.
  long NOWHERE = -1;
}
