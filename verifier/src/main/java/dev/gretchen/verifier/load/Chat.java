package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Partitioner;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A chat: posts in rooms, bans and unbans, by user.
///
/// **Usually** a few events of a hundred are bans and unbans of anybody, and a few of a thousand
/// break a rule of the contract, so that they must be dead letters. Some rooms are far busier than
/// most.
///
/// **In stretches** of [#STRETCH] events things get worse, one after the other: a *storm*, in which
/// nearly half of the events are bans and unbans of [#STORMED] users, who post all the rest, so
/// that bans and posts of a user lie as close in the log as they can; then a calm one; then a
/// *flood*, in which every other event is a post of one user; then a calm one again.
///
/// **Outcasts**, one user of [#OUTCAST_EVERY], post like everybody until a quarter of the load is
/// over, are banned then, whenever their turn comes, and never unbanned: whoever reads a room again
/// from its beginning must not get to see them, however new the worker is that shows it.
///
/// Keys lie where Kafka's own producers would put them. Immutable, any thread.
public final class Chat implements LoadContent {

  /// What an event is.
  public enum Kind {
    /// A post that follows the rules.
    POST,
    /// A ban.
    BAN,
    /// The end of one.
    UNBAN,
    /// Something that breaks a rule.
    BROKEN
  }

  /// How many events there are in a stretch.
  public static final int STRETCH = 250;

  /// How many users a storm is about.
  public static final int STORMED = 6;

  /// One user of so many is an outcast.
  public static final int OUTCAST_EVERY = 16;

  /// The moderator of all bans that the load holds.
  public static final String MODERATOR = "mod";

  private static final int ROOMS = 40;
  private static final int USERS = 400;
  private static final int STRETCHES = 4;
  private static final int STORM = 1;
  private static final int FLOOD = 3;
  private static final int BANS_PERMILLE = 30;
  private static final int UNBANS_PERMILLE = 30;
  private static final int STORM_BANS_PERMILLE = 240;
  private static final int STORM_UNBANS_PERMILLE = 200;
  private static final int BROKEN_PERMILLE = 8;
  private static final double USUAL_SKEW = 1;

  private final long count;
  private final long idKey;
  private final List<String> users;
  private final List<String> rooms;
  private final byte[][] keys;
  private final int[] partitions;
  private final double[] zipf;
  private final Audience audience;
  private final BitSet admitted = new BitSet();
  private final BitSet idle = new BitSet();

  /// @param idKey of the plan
  Chat(long idKey, long count, int partitions, double skew) {
    this.idKey = idKey;
    this.count = count;
    this.users = IntStream.range(0, USERS).mapToObj(user -> "user-" + user).toList();
    this.rooms = IntStream.range(0, ROOMS).mapToObj(room -> "room-" + room).toList();
    this.keys = users.stream().map(Chat::utf8).toArray(byte[][]::new);
    this.partitions = new int[USERS];
    for (int user = 0; user < USERS; user++) {
      this.partitions[user] = Partitioner.partition(keys[user], partitions);
    }
    this.zipf = Chance.zipf(ROOMS, skew == 0 ? USUAL_SKEW : skew);
    this.audience = new Audience(idKey, ROOMS, USERS);
    foresee();
  }

  /// Who is let through and which unbans change nothing, as far as the load alone decides it: to
  /// measure the pace by, and to falsify a recorded run with. No judgement hangs on it.
  private void foresee() {
    Set<Integer> banned = new HashSet<>();
    for (long index = 0; index < count; index++) {
      long id = Mix.mix(index + idKey);
      int user = keyNumber(id);
      switch (kind(id)) {
        case BAN -> banned.add(user);
        case UNBAN -> idle.set(Math.toIntExact(index), !banned.remove(user));
        case POST -> admitted.set(Math.toIntExact(index), !banned.contains(user));
        case BROKEN -> {}
      }
    }
  }

  /// Who looks on.
  public Audience audience() {
    return audience;
  }

  /// The rooms' names, in the order of their numbers.
  public List<String> rooms() {
    return rooms;
  }

  /// The users' names, in the order of their numbers.
  public List<String> users() {
    return users;
  }

  /// Whether an id is of an event of the load or of a client's post.
  public boolean knows(long id) {
    return index(id) >= 0 || audience.has(id);
  }

  /// The index of an id, -1 where it is of no event of the load.
  private long index(long id) {
    long index = Mix.unmix(id) - idKey;
    return index >= 0 && index < count ? index : -1;
  }

  /// What an event is; a client's is a post.
  public Kind kind(long id) {
    if (audience.has(id)) {
      return Kind.POST;
    }
    int permille = Chance.below(Chance.of(id, 2), 1_000);
    if (permille < BROKEN_PERMILLE) {
      return Kind.BROKEN;
    }
    permille -= BROKEN_PERMILLE;
    boolean storm = stretch(id) == STORM;
    int bans = storm ? STORM_BANS_PERMILLE : BANS_PERMILLE;
    int unbans = storm ? STORM_UNBANS_PERMILLE : UNBANS_PERMILLE;
    if (permille >= bans + unbans) {
      return isOutcast(keyNumber(id)) && isLate(id) && permille % 2 == 0 ? Kind.BAN : Kind.POST;
    }
    if (isOutcast(keyNumber(id))) {
      return isLate(id) ? Kind.BAN : Kind.POST;
    }
    return permille < bans ? Kind.BAN : Kind.UNBAN;
  }

  private static boolean isOutcast(int user) {
    return user % OUTCAST_EVERY == OUTCAST_EVERY - 1;
  }

  private boolean isLate(long id) {
    return index(id) > count / 4;
  }

  private int stretch(long id) {
    return (int) (index(id) / STRETCH % STRETCHES);
  }

  /// The number of the user whom a storm or a flood begins with.
  private int stretchUser(long id) {
    return Chance.below(Mix.mix(index(id) / STRETCH), USERS);
  }

  /// The user that an event is about.
  public String user(long id) {
    return users.get(keyNumber(id));
  }

  /// The number of the room that a post goes to.
  public int room(long id) {
    return audience.has(id)
        ? audience.roomOf(id)
        : Chance.pick(Chance.of(id, 3), rooms.size(), zipf);
  }

  /// What a post says.
  public String text(long id) {
    return "Said by " + user(id) + " as " + Hex16.of(id) + ": ä, “quoted” & <b>bold</b>";
  }

  @Override
  public int keyNumber(long id) {
    if (audience.has(id)) {
      return audience.user(audience.client(id));
    }
    long chance = Chance.of(id, 1);
    return switch (stretch(id)) {
      case STORM -> (stretchUser(id) + Chance.below(chance, STORMED)) % USERS;
      case FLOOD -> (chance & 1) == 0 ? stretchUser(id) : Chance.below(chance, USERS);
      default -> Chance.below(chance, USERS);
    };
  }

  @Override
  public byte[] key(int user) {
    return keys[user];
  }

  @Override
  public int partition(int user) {
    return partitions[user];
  }

  @Override
  public byte[] value(long id) {
    return switch (kind(id)) {
      case POST -> post(id).value();
      case BAN -> new ChatEvent.Ban(user(id), MODERATOR, "as " + Hex16.of(id)).value();
      case UNBAN -> new ChatEvent.Unban(user(id), MODERATOR).value();
      case BROKEN -> broken(id);
    };
  }

  private ChatEvent.Post post(long id) {
    return new ChatEvent.Post(user(id), rooms.get(room(id)), text(id));
  }

  private byte[] broken(long id) {
    ChatEvent.Post post = post(id);
    return switch (Chance.below(Chance.of(id, 6), 4)) {
      case 0 -> utf8(new String(post.value(), StandardCharsets.UTF_8).substring(0, 20));
      case 1 -> new ChatEvent.Post(post.user(), "No Room", post.text()).value();
      case 2 -> new ChatEvent.Post(post.user(), post.room(), " \t ").value();
      default -> utf8("{\"type\":\"shout\"}");
    };
  }

  @Override
  public boolean isAccepted(long id) {
    long index = index(id);
    return index >= 0 && admitted.get(Math.toIntExact(index));
  }

  /// An unban of a user who is not banned.
  @Override
  public boolean isNoise(long id) {
    long index = index(id);
    return index >= 0 && idle.get(Math.toIntExact(index));
  }

  @Override
  public List<String> acceptedKeys() {
    return rooms;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
