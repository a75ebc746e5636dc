package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import java.time.Duration;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

/// Who looks on at a chat and has a say in it: the clients of a run, their users, rooms and posts,
/// a pure function of the seed and a client's number.
///
/// Ids of their posts lie beyond all ids of the load ([LoadPlan]), and name client and number, so
/// that a judge that meets one knows whose it is. A client posts every few seconds, from a moment
/// of its own on; one of [#FLOODER_EVERY] posts far more often for a while, in each period of
/// [#FLOOD_PERIOD], than a worker may take from one user. Immutable, any thread.
public final class Audience {

  /// How many rooms a client joins.
  public static final int ROOMS_EACH = 4;

  /// Of so many clients one floods.
  public static final int FLOODER_EVERY = 100;

  /// How often it does.
  public static final Duration FLOOD_PERIOD = Duration.ofSeconds(20);

  /// Of so many clients one reads a room again from its beginning, now and then.
  public static final int REREADER_EVERY = 10;

  /// How often it does.
  public static final Duration REREAD_PERIOD = Duration.ofSeconds(12);

  private static final long FLOOD_MILLIS = 1_500;
  private static final long FLOOD_GAP_MILLIS = 15;
  private static final long POST_EVERY_MILLIS = 12_000;
  private static final long FIRST_ID = 1L << 44;
  private static final int NUMBER_BITS = 20;

  private final long idKey;
  private final int rooms;
  private final int users;

  Audience(long idKey, int rooms, int users) {
    this.idKey = idKey;
    this.rooms = rooms;
    this.users = users;
  }

  /// The number of a client's user.
  public int user(int client) {
    return client % users;
  }

  /// The numbers of the rooms that a client joins, rising.
  public SequencedSet<Integer> rooms(int client) {
    SequencedSet<Integer> joined = new TreeSet<>();
    long chance = Mix.mix(idKey ^ client);
    for (int i = 0; joined.size() < Math.min(ROOMS_EACH, rooms); i++) {
      joined.add(Chance.below(Chance.of(chance, i), rooms));
    }
    return joined;
  }

  /// Whether a client begins a room with its first post, not with what comes from then on.
  public boolean readsAll(int client) {
    return client % 2 == 0;
  }

  /// Whether a client reads rooms again from their beginning.
  public boolean rereads(int client) {
    return client % REREADER_EVERY == REREADER_EVERY - 1;
  }

  /// Whether a client posts more than a worker takes from one user.
  public boolean floods(int client) {
    return client % FLOODER_EVERY == FLOODER_EVERY / 2;
  }

  /// When a client's post is due, in milliseconds after the start of the load.
  ///
  /// @param number of the post, from 0
  public long dueMillis(int client, int number) {
    long first = Chance.below(Mix.mix(idKey - client), (int) POST_EVERY_MILLIS);
    if (!floods(client)) {
      return first + number * POST_EVERY_MILLIS;
    }
    long each = FLOOD_MILLIS / FLOOD_GAP_MILLIS;
    return first + number / each * FLOOD_PERIOD.toMillis() + number % each * FLOOD_GAP_MILLIS;
  }

  /// The id of a client's post.
  public long id(int client, int number) {
    if (number >= 1 << NUMBER_BITS) {
      throw new IllegalArgumentException("a client has no more than 2^20 posts, not " + number);
    }
    return Mix.mix(FIRST_ID + ((long) client << NUMBER_BITS) + number + idKey);
  }

  /// Whether an id is of a client's post.
  public boolean has(long id) {
    long place = Mix.unmix(id) - idKey - FIRST_ID;
    return place >= 0 && place >>> NUMBER_BITS <= Integer.MAX_VALUE;
  }

  /// The client whose post an id is of.
  public int client(long id) {
    return (int) ((Mix.unmix(id) - idKey - FIRST_ID) >>> NUMBER_BITS);
  }

  /// The number of the post that an id is of.
  public int number(long id) {
    return (int) (Mix.unmix(id) - idKey - FIRST_ID) & ((1 << NUMBER_BITS) - 1);
  }

  /// A client's post in words.
  public String describe(long id) {
    return "post " + number(id) + " of client " + client(id) + " (id " + Hex16.of(id) + ")";
  }

  /// The number of the room that a client's post goes to: one of those that it has joined.
  public int roomOf(long id) {
    List<Integer> joined = List.copyOf(rooms(client(id)));
    return joined.get(Chance.below(Chance.of(id, 2), joined.size()));
  }
}
