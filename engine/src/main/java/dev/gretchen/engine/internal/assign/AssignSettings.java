package dev.gretchen.engine.internal.assign;

/// What the assignor is told.
///
/// @param standbys copies of each table partition beside its owner's
/// @param acceptableLagRecords a task with tables moves to a member that reads its changelogs along
///   and lacks no more than so many records
/// @param warmUpsMax tasks that one member warms up for at a time, of those that lack more
public record AssignSettings(int standbys, long acceptableLagRecords, int warmUpsMax) {

  /// Warm-ups are bounded for each member that receives, since it is its disk and network that they
  /// load.
  private static final int WARM_UPS_PER_MEMBER_MAX = 2;

  public AssignSettings {
    if (standbys < 0 || acceptableLagRecords < 0 || warmUpsMax < 1) {
      throw new IllegalArgumentException(
          "standbys and acceptable lag must not be negative, and a member must be allowed a warm-up");
    }
  }

  public static AssignSettings of(int standbys, long acceptableLagRecords) {
    return new AssignSettings(standbys, acceptableLagRecords, WARM_UPS_PER_MEMBER_MAX);
  }
}
