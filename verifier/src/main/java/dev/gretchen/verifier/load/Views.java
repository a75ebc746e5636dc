package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Partitioner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Page views by user, over [#TOPICS] topics. A user stays on one topic, and comes back every few
/// seconds, so that there are sessions that end and sessions that do not; of the pages a few are
/// looked at all the time and most rarely, so that keys of tables come and go. Some views are a
/// robot's, which an app must leave out.
///
/// **Late.** Of a thousand events [#DISORDERED_PERMILLE] are up to [#DISORDER_MAX] old, within what
/// windows wait for or a little beyond, and [#STRAGGLING_PERMILLE] up to [#STRAGGLE_MAX], for which
/// most windows have long closed. Which of them is late for what is not known here and need not be:
/// it hangs on what else came before in the partition of the topic that the windows stand behind,
/// and is told from that topic's log.
///
/// Immutable, any thread.
public final class Views implements LoadContent {

  /// Over how many topics it is spread.
  public static final int TOPICS = 3;

  /// How many of a thousand events are old.
  public static final int DISORDERED_PERMILLE = 80;

  /// How old they are at the most.
  public static final Duration DISORDER_MAX = Duration.ofSeconds(5);

  /// How many of a thousand events are very old.
  public static final int STRAGGLING_PERMILLE = 10;

  /// How old those are at the most.
  public static final Duration STRAGGLE_MAX = Duration.ofSeconds(40);

  /// What stands before the name of a page.
  public static final String PAGE = "page-";

  private static final int PAGES = 1_000;
  private static final int ROBOT_PERCENT = 3;
  private static final double USUAL_SKEW = 1;
  private static final int USERS_MIN = 60;
  private static final int USERS_MAX = 100_000;

  /// A user comes every so many seconds.
  private static final int SECONDS_PER_VISIT = 2;

  private final List<String> pages;
  private final byte[][] values;
  private final byte[][] users;
  private final int[] partitions;
  private final double[] zipf;

  Views(double rate, int partitions, double skew) {
    this.pages = IntStream.range(0, PAGES).mapToObj(page -> PAGE + page).toList();
    this.values = pages.stream().map(Views::utf8).toArray(byte[][]::new);
    this.users = new byte[Math.clamp((long) (rate * SECONDS_PER_VISIT), USERS_MIN, USERS_MAX)][];
    Arrays.setAll(users, user -> utf8("user-" + user));
    this.partitions = new int[users.length];
    for (int user = 0; user < users.length; user++) {
      this.partitions[user] =
          Chance.below(Mix.mix(user), TOPICS) * partitions
              + Partitioner.partition(users[user], partitions);
    }
    this.zipf = Chance.zipf(PAGES, skew == 0 ? USUAL_SKEW : skew);
  }

  @Override
  public int keyNumber(long id) {
    return Chance.below(Chance.of(id, 1), users.length);
  }

  @Override
  public byte[] key(int user) {
    return users[user];
  }

  @Override
  public int partition(int user) {
    return partitions[user];
  }

  @Override
  public byte[] value(long id) {
    byte[] page = values[page(id)];
    return isAccepted(id) ? page : utf8("robot:" + pages.get(page(id)));
  }

  private int page(long id) {
    return Chance.pick(Chance.of(id, 3), PAGES, zipf);
  }

  @Override
  public boolean isAccepted(long id) {
    return Chance.below(Chance.of(id, 2), 100) >= ROBOT_PERCENT;
  }

  @Override
  public List<String> acceptedKeys() {
    return pages;
  }

  @Override
  public long delayMillis(long id) {
    long chance = Chance.of(id, 4);
    int permille = Chance.below(chance, 1_000);
    if (permille < DISORDERED_PERMILLE) {
      return 1L + Chance.below(Mix.mix(chance), (int) DISORDER_MAX.toMillis());
    }
    return permille < DISORDERED_PERMILLE + STRAGGLING_PERMILLE
        ? 1L + Chance.below(Mix.mix(chance), (int) STRAGGLE_MAX.toMillis())
        : 0;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
