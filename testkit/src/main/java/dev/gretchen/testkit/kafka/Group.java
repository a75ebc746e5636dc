package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// One consumer group under the classic protocol: members join, the coordinator waits at a barrier
/// until all have, gives them a generation, and hands around what the leader has assigned.
///
/// As the group coordinator of Kafka 4 does it: a member that does not come to the barrier holds it
/// until its session or the longest rebalance time-out is over; a static member may be replaced by
/// a new process under its instance id, which fences the old one; nobody checks what a member owns.
final class Group {

  private static final byte[] NOTHING = new byte[0];

  /// What a broker allows: Kafka's defaults.
  private static final int SESSION_MILLIS_MIN = 6_000;

  private static final int SESSION_MILLIS_MAX = 1_800_000;

  private final Scheduler scheduler;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, String> instances = new LinkedHashMap<>();
  private final Set<String> expected = new LinkedHashSet<>();
  private State state = State.EMPTY;
  private int generation;
  private String protocol = "";
  private @Nullable String leader;
  private long barrier;

  enum State {
    EMPTY("Empty"),
    PREPARING("PreparingRebalance"),
    COMPLETING("CompletingRebalance"),
    STABLE("Stable");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  private static final class Member {
    final String id;
    final @Nullable String instance;
    int sessionMillis;
    int rebalanceMillis;
    Map<String, byte[]> protocols;
    byte @Nullable [] assignment;
    @Nullable Consumer<Reply.Joined> joining;
    @Nullable Consumer<Reply.Synced> syncing;
    long session;

    Member(String id, Request.JoinGroup join) {
      this.id = id;
      this.instance = join.instanceId();
      this.protocols = join.protocols();
      take(join);
    }

    void take(Request.JoinGroup join) {
      sessionMillis = join.sessionTimeoutMillis();
      rebalanceMillis = join.rebalanceTimeoutMillis();
      protocols = join.protocols();
    }
  }

  Group(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  int generation() {
    return generation;
  }

  void join(Request.JoinGroup request, Consumer<Reply.Joined> respond) {
    String instance = request.instanceId();
    if (request.sessionTimeoutMillis() < SESSION_MILLIS_MIN
        || request.sessionTimeoutMillis() > SESSION_MILLIS_MAX) {
      respond.accept(refusal(Errors.INVALID_SESSION_TIMEOUT));
      return;
    }
    if (!supports(request.protocols().keySet())) {
      respond.accept(refusal(Errors.INCONSISTENT_GROUP_PROTOCOL));
      return;
    }
    if (request.memberId().isEmpty()) {
      joinUnknown(request, instance, respond);
      return;
    }
    if (instance != null && !request.memberId().equals(instances.get(instance))) {
      respond.accept(
          refusal(
              instances.containsKey(instance)
                  ? Errors.FENCED_INSTANCE_ID
                  : Errors.UNKNOWN_MEMBER_ID));
      return;
    }
    Member member = members.get(request.memberId());
    if (member == null) {
      if (expected.remove(request.memberId())) {
        add(new Member(request.memberId(), request), respond);
      } else {
        respond.accept(refusal(Errors.UNKNOWN_MEMBER_ID));
      }
      return;
    }
    boolean changed = !sameProtocols(member.protocols, request.protocols());
    member.take(request);
    switch (state) {
      case PREPARING, EMPTY -> awaitBarrier(member, respond);
      case COMPLETING -> {
        if (changed) {
          awaitBarrier(member, respond);
        } else {
          respond.accept(joined(member));
          renew(member);
        }
      }
      case STABLE -> {
        if (member.id.equals(leader) || changed) {
          awaitBarrier(member, respond);
        } else {
          respond.accept(joined(member));
          renew(member);
        }
      }
    }
  }

  /// Whether there is a protocol among some that all members know.
  private boolean supports(Set<String> protocols) {
    return members.isEmpty()
        || protocols.stream()
            .anyMatch(candidate ->
                members.values().stream()
                    .allMatch(member -> member.protocols.containsKey(candidate)));
  }

  private void joinUnknown(
      Request.JoinGroup request, @Nullable String instance, Consumer<Reply.Joined> respond) {
    String id =
        (instance == null ? request.clientId() : instance)
            + "-"
            + HexFormat.of().toHexDigits(scheduler.random().nextLong());
    if (instance == null) {
      // a dynamic member is told its id first, and comes again with it
      expected.add(id);
      scheduler.after(
          scheduler.world(),
          request.sessionTimeoutMillis() * 1_000_000L,
          () -> expected.remove(id));
      respond.accept(
          new Reply.Joined(Errors.MEMBER_ID_REQUIRED, -1, "", "", id, Map.of(), Map.of()));
      return;
    }
    String before = instances.get(instance);
    if (before == null) {
      add(new Member(id, request), respond);
    } else {
      replace(before, id, request, respond);
    }
  }

  private void add(Member member, Consumer<Reply.Joined> respond) {
    members.put(member.id, member);
    if (member.instance != null) {
      instances.put(member.instance, member.id);
    }
    if (leader == null) {
      leader = member.id;
    }
    awaitBarrier(member, respond);
  }

  /// A new process under a static member's instance id takes the member's place. What it subscribes
  /// to, and tells of itself, does not matter: the others hear of it at their next rebalance.
  private void replace(
      String before, String id, Request.JoinGroup request, Consumer<Reply.Joined> respond) {
    Member old = members.remove(before);
    Member member = new Member(id, request);
    if (old != null) {
      member.assignment = old.assignment;
      dismiss(old, Errors.FENCED_INSTANCE_ID);
    }
    members.put(id, member);
    instances.put(String.valueOf(member.instance), id);
    if (before.equals(leader)) {
      leader = id;
    }
    if (state == State.STABLE && commonProtocol().equals(protocol)) {
      respond.accept(joined(member));
      renew(member);
    } else {
      awaitBarrier(member, respond);
    }
  }

  private static boolean sameProtocols(Map<String, byte[]> a, Map<String, byte[]> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream()
            .allMatch(entry -> java.util.Arrays.equals(entry.getValue(), b.get(entry.getKey())));
  }

  private void awaitBarrier(Member member, Consumer<Reply.Joined> respond) {
    if (member.joining != null) {
      // asked again over another connection: the first asker is gone
      member.joining = respond;
    } else {
      member.joining = respond;
      if (state != State.PREPARING) {
        prepare();
      }
    }
    passBarrier(false);
  }

  private void prepare() {
    if (state == State.COMPLETING) {
      for (Member member : members.values()) {
        synced(member, new Reply.Synced(Errors.REBALANCE_IN_PROGRESS, "", NOTHING));
        member.assignment = null;
      }
    }
    state = State.PREPARING;
    long number = ++barrier;
    int longest =
        members.values().stream().mapToInt(member -> member.rebalanceMillis).max().orElse(0);
    scheduler.after(
        scheduler.world(),
        longest * 1_000_000L,
        () -> {
          if (state == State.PREPARING && barrier == number) {
            passBarrier(true);
          }
        });
    note("rebalance");
  }

  /// @param timeIsOver whether those that are missing are left behind
  private void passBarrier(boolean timeIsOver) {
    if (state != State.PREPARING) {
      return;
    }
    List<Member> missing =
        members.values().stream().filter(member -> member.joining == null).toList();
    if (!missing.isEmpty() && !timeIsOver) {
      return;
    }
    for (Member member : missing) {
      if (member.instance == null) {
        remove(member, Errors.UNKNOWN_MEMBER_ID);
      }
    }
    Member first =
        members.values().stream().filter(member -> member.joining != null).findFirst().orElse(null);
    if (first == null && !members.isEmpty()) {
      // nobody is there who could lead: the static members are waited for once more
      state = State.STABLE;
      prepare();
      return;
    }
    generation++;
    if (first == null) {
      state = State.EMPTY;
      leader = null;
      note("empty");
      return;
    }
    Member leading = leader == null ? null : members.get(leader);
    if (leading == null || leading.joining == null) {
      leader = first.id;
    }
    protocol = commonProtocol();
    state = State.COMPLETING;
    note("generation");
    for (Member member : List.copyOf(members.values())) {
      Consumer<Reply.Joined> respond = member.joining;
      member.joining = null;
      if (respond != null) {
        respond.accept(joined(member));
        renew(member);
      }
    }
    expireSync();
  }

  /// Members that joined and do not fetch their assignment hold up the others for no longer than a
  /// rebalance may take.
  private void expireSync() {
    int current = generation;
    int longest =
        members.values().stream().mapToInt(member -> member.rebalanceMillis).max().orElse(0);
    scheduler.after(
        scheduler.world(),
        longest * 1_000_000L,
        () -> {
          if (state == State.COMPLETING && generation == current) {
            members.values().stream()
                .filter(member -> member.syncing == null)
                .toList()
                .forEach(member -> remove(member, Errors.UNKNOWN_MEMBER_ID));
            left();
          }
        });
  }

  private String commonProtocol() {
    Member any = members.values().iterator().next();
    for (String candidate : any.protocols.keySet()) {
      if (members.values().stream().allMatch(member -> member.protocols.containsKey(candidate))) {
        return candidate;
      }
    }
    return "";
  }

  private Reply.Joined joined(Member member) {
    Map<String, byte[]> subscriptions = new LinkedHashMap<>();
    Map<String, String> statics = new LinkedHashMap<>();
    if (member.id.equals(leader) && state == State.COMPLETING) {
      for (Member other : members.values()) {
        subscriptions.put(other.id, other.protocols.getOrDefault(protocol, NOTHING));
        if (other.instance != null) {
          statics.put(other.id, other.instance);
        }
      }
    }
    return new Reply.Joined(
        Errors.NONE,
        generation,
        protocol,
        String.valueOf(leader),
        member.id,
        subscriptions,
        statics);
  }

  private static Reply.Joined refusal(Errors error) {
    return new Reply.Joined(error, -1, "", "", "", Map.of(), Map.of());
  }

  void sync(Request.SyncGroup request, Consumer<Reply.Synced> respond) {
    Errors refused = check(request.member());
    if (refused != Errors.NONE) {
      respond.accept(new Reply.Synced(refused, "", NOTHING));
      return;
    }
    Member member = member(request.member());
    switch (state) {
      case EMPTY -> respond.accept(new Reply.Synced(Errors.UNKNOWN_MEMBER_ID, "", NOTHING));
      case PREPARING -> respond.accept(new Reply.Synced(Errors.REBALANCE_IN_PROGRESS, "", NOTHING));
      case STABLE -> respond.accept(assignmentOf(member));
      case COMPLETING -> {
        member.syncing = respond;
        if (member.id.equals(leader)) {
          members
              .values()
              .forEach(
                  each -> each.assignment = request.assignments().getOrDefault(each.id, NOTHING));
          state = State.STABLE;
          note("stable");
          members.values().forEach(each -> synced(each, assignmentOf(each)));
        }
      }
    }
  }

  private Reply.Synced assignmentOf(Member member) {
    byte[] assignment = member.assignment;
    return new Reply.Synced(Errors.NONE, protocol, assignment == null ? NOTHING : assignment);
  }

  private void synced(Member member, Reply.Synced reply) {
    Consumer<Reply.Synced> respond = member.syncing;
    member.syncing = null;
    if (respond != null) {
      respond.accept(reply);
      renew(member);
    }
  }

  Errors heartbeat(Request.Member from) {
    Errors refused = check(from);
    if (refused != Errors.NONE) {
      return refused;
    }
    renew(member(from));
    return switch (state) {
      case EMPTY -> Errors.UNKNOWN_MEMBER_ID;
      case PREPARING -> Errors.REBALANCE_IN_PROGRESS;
      case COMPLETING, STABLE -> Errors.NONE;
    };
  }

  /// Whether a member may speak: known, not replaced, of this generation.
  Errors check(Request.Member from) {
    String instance = from.instanceId();
    if (instance != null) {
      String known = instances.get(instance);
      if (known == null) {
        return Errors.UNKNOWN_MEMBER_ID;
      }
      if (!known.equals(from.memberId())) {
        return Errors.FENCED_INSTANCE_ID;
      }
    }
    if (!members.containsKey(from.memberId())) {
      return Errors.UNKNOWN_MEMBER_ID;
    }
    return from.generation() == generation ? Errors.NONE : Errors.ILLEGAL_GENERATION;
  }

  /// Whether offsets may be committed by somebody. One who has not joined may, in a transaction,
  /// unfenced: that is how Kafka has it.
  Errors checkCommit(Request.Member from, boolean transactional) {
    boolean anonymous =
        from.generation() < 0 && from.memberId().isEmpty() && from.instanceId() == null;
    if (anonymous) {
      return transactional || state == State.EMPTY ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }
    Errors refused = check(from);
    if (refused != Errors.NONE) {
      return refused;
    }
    if (!transactional) {
      renew(member(from));
      if (state == State.COMPLETING) {
        return Errors.REBALANCE_IN_PROGRESS;
      }
    }
    return Errors.NONE;
  }

  Errors leave(List<Request.Member> leaving) {
    Errors first = Errors.NONE;
    for (Request.Member request : leaving) {
      String id =
          request.instanceId() == null ? request.memberId() : instances.get(request.instanceId());
      Member member = id == null ? null : members.get(id);
      Errors error = Errors.NONE;
      if (member == null) {
        error = expected.remove(request.memberId()) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
      } else if (!request.memberId().isEmpty() && !request.memberId().equals(member.id)) {
        error = Errors.FENCED_INSTANCE_ID;
      } else {
        remove(member, Errors.UNKNOWN_MEMBER_ID);
      }
      first = first == Errors.NONE ? error : first;
    }
    left();
    return first;
  }

  private void remove(Member member, Errors why) {
    members.remove(member.id);
    if (member.instance != null) {
      instances.remove(member.instance, member.id);
    }
    if (member.id.equals(leader)) {
      leader = members.isEmpty() ? null : members.keySet().iterator().next();
    }
    dismiss(member, why);
    note("removed");
  }

  private static void dismiss(Member member, Errors why) {
    member.session++;
    Consumer<Reply.Joined> joining = member.joining;
    Consumer<Reply.Synced> syncing = member.syncing;
    member.joining = null;
    member.syncing = null;
    if (joining != null) {
      joining.accept(refusal(why));
    }
    if (syncing != null) {
      syncing.accept(new Reply.Synced(why, "", NOTHING));
    }
  }

  /// Somebody has gone: the others share what he had.
  private void left() {
    switch (state) {
      case COMPLETING, STABLE -> {
        prepare();
        passBarrier(false);
      }
      case PREPARING -> passBarrier(false);
      case EMPTY -> {
        // nobody is there
      }
    }
  }

  private Member member(Request.Member from) {
    Member member = members.get(from.memberId());
    if (member == null) {
      throw new IllegalStateException("no member " + from.memberId());
    }
    return member;
  }

  private void renew(Member member) {
    long number = ++member.session;
    scheduler.after(
        scheduler.world(), member.sessionMillis * 1_000_000L, () -> expire(member, number));
  }

  private void expire(Member member, long number) {
    if (member.session != number || members.get(member.id) != member) {
      return;
    }
    if (member.joining != null || member.syncing != null) {
      // who waits for the coordinator is not late
      renew(member);
      return;
    }
    note("expired");
    remove(member, Errors.UNKNOWN_MEMBER_ID);
    left();
  }

  private void note(String what) {
    scheduler.note(scheduler.world(), "group " + what, generation, members.size());
  }

  Reply.GroupState describe() {
    List<Reply.MemberState> states = new ArrayList<>();
    for (Member member : members.values()) {
      states.add(new Reply.MemberState(member.id, member.instance, member.assignment));
    }
    return new Reply.GroupState(Errors.NONE, state.text, generation, states);
  }
}
