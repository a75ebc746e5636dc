package dev.gretchen.apps.feedchat.push;

/// Why a connection is closed, as its client is told.
///
/// @param code of the close frame
/// @param reason a word, then perhaps a colon and a sentence; at most 123 bytes
public record Goodbye(int code, String reason) {

  public static final Goodbye GOING_AWAY = new Goodbye(1001, "going-away: this worker stops");
  public static final Goodbye FAILED = new Goodbye(1011, "failed: another worker serves you");
  public static final Goodbye BAD_TOKEN = new Goodbye(4401, "bad-token");
  public static final Goodbye SILENT = new Goodbye(4408, "silent");
  public static final Goodbye FLOOD = new Goodbye(4429, "flood: too many posts that are refused");

  static final Goodbye SLOW_WRITE = new Goodbye(4409, "slow: what was sent was not read in time");
  static final Goodbye SLOW_ANSWERS = new Goodbye(4409, "slow: too many answers wait to be read");

  private static final int REASON_MAX = 120;

  /// What the client has sent is not in the protocol.
  public static Goodbye malformed(String why) {
    return new Goodbye(4400, cut("malformed: " + why));
  }

  /// It has named itself what nobody can be called.
  public static Goodbye badUser() {
    return new Goodbye(4403, "bad-user: 1 to 64 letters, digits, '.', '_' and '-'");
  }

  /// Cut in ASCII, so that the bound holds in bytes.
  private static String cut(String reason) {
    String plain = reason.replaceAll("[^ -~]", "?");
    return plain.substring(0, Math.min(plain.length(), REASON_MAX));
  }
}
