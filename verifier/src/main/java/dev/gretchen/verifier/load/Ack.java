package dev.gretchen.verifier.load;

/// What the producer said about one event.
///
/// @param index of the event
/// @param offset in the input partition, -1 unless acked
public record Ack(long index, Status status, long offset) {

  /// The three things a producer can say.
  public enum Status {
    /// The log holds it at the offset.
    ACKED(0),
    /// It was never sent, or the broker refused it: the log must not hold it.
    FAILED(1),
    /// It may or may not be in the log; the log itself will tell.
    UNKNOWN(2);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    /// The number that stands for it in a history file.
    public int code() {
      return code;
    }

    /// The status of a number.
    ///
    /// @throws IllegalArgumentException for any other number
    public static Status of(long code) {
      for (Status status : values()) {
        if (status.code == code) {
          return status;
        }
      }
      throw new IllegalArgumentException("no acknowledgement has the number " + code);
    }
  }
}
