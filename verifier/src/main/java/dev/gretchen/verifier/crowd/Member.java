package dev.gretchen.verifier.crowd;

import dev.gretchen.verifier.contract.ChatFrame;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.load.Audience;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.truth.Sighting.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One client: it joins its rooms, posts, and goes on elsewhere when its connection is lost, behind
/// the last that it saw of each room. A post of which it was not told what became of it is sent
/// again under its id.
///
/// Everything happens under its lock, so its sightings are written in the order in which it saw
/// them; what an earlier connection still says after it was given up is heard by nobody.
final class Member {

  /// How many posts may be unanswered; beyond that it keeps quiet.
  private static final int UNANSWERED_MAX = 64;

  /// The code of a WebSocket that ends because it has served its purpose (RFC 6455).
  private static final int NORMAL = 1000;

  private final int number;
  private final Crowd crowd;
  private final Chat chat;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Long> seen = new HashMap<>(); // guarded by lock, as all below
  private final Set<Integer> asked = new LinkedHashSet<>();
  private final Set<Long> unanswered = new LinkedHashSet<>();
  private @Nullable Line line;
  private boolean welcome;
  private int attempts;
  private int rereads;
  private int questions;

  Member(int number, Crowd crowd, Chat chat) {
    this.number = number;
    this.crowd = crowd;
    this.chat = chat;
  }

  int number() {
    return number;
  }

  /// The connection that it is about to make, in the place of any before.
  Line dial() {
    lock.lock();
    try {
      Line dialled = new Line(this);
      line = dialled;
      welcome = false;
      attempts++;
      return dialled;
    } finally {
      lock.unlock();
    }
  }

  /// How often it has tried to connect since it was last welcome.
  int attempts() {
    lock.lock();
    try {
      return attempts;
    } finally {
      lock.unlock();
    }
  }

  /// The connection is there.
  void opened(Line from) {
    lock.lock();
    try {
      if (from.equals(line)) {
        from.send(ChatFrame.hello(chat.users().get(audience().user(number)), null));
      }
    } finally {
      lock.unlock();
    }
  }

  /// The connection has ended, or never came to be.
  void lost(Line from, int code, String reason) {
    lock.lock();
    try {
      if (!from.equals(line)) {
        return;
      }
      line = null;
      welcome = false;
      asked.clear();
      from.abort();
      crowd.saw(new Sighting.Parted(crowd.now(), number, code, reason));
      crowd.comeBack(this, attempts);
    } finally {
      lock.unlock();
    }
  }

  /// Looks whether its connection still lives, and gives it up where nothing was heard for long.
  void look(long silenceNanosMax) {
    Line current;
    lock.lock();
    try {
      current = line;
    } finally {
      lock.unlock();
    }
    if (current == null) {
      return;
    }
    if (current.silentNanos() > silenceNanosMax) {
      lost(current, Line.NO_CLOSE_FRAME, "nothing was heard");
    } else {
      current.ping();
    }
  }

  /// Breaks its connection off and goes to the worker where it would be if nobody had failed: one
  /// that came back gets its clients back, and whoever moves must miss nothing either.
  void move() {
    lock.lock();
    try {
      Line current = line;
      if (current != null && welcome) {
        lost(current, NORMAL, "moves on");
      }
    } finally {
      lock.unlock();
    }
  }

  /// A worker has said something.
  void told(Line from, String text) {
    ChatFrame frame = ChatFrame.decode(text);
    lock.lock();
    try {
      if (!from.equals(line)) {
        return;
      }
      switch (frame) {
        case ChatFrame.Welcome welcomed -> welcomed(from, welcomed);
        case ChatFrame.Joined(String room, long first) -> {
          int joined = room(room);
          asked.remove(joined);
          isAt(joined, first - 1);
          crowd.saw(new Sighting.Joined(crowd.now(), number, joined, first));
        }
        case ChatFrame.Posts(String room, List<ChatFrame.Shown> posts) -> shown(room(room), posts);
        case ChatFrame.Skipped(String room, long first, long last) -> {
          isAt(room(room), last);
          crowd.saw(new Sighting.Skipped(crowd.now(), number, room(room), first, last));
        }
        case ChatFrame.Posted(long id, int partition, long offset) -> {
          unanswered.remove(id);
          answered(id, Answer.IN_LOG, partition, offset);
        }
        case ChatFrame.Refused(long id, String _) -> {
          unanswered.remove(id);
          answered(id, Answer.REFUSED, -1, -1);
        }
        case ChatFrame.Unknown(long id) -> {
          answered(id, Answer.UNKNOWN, -1, -1);
          send(from, id);
        }
        case ChatFrame.Denied(String subject, String _) -> {
          int room = room(subject);
          if (room >= 0) {
            crowd.later(() -> join(room));
          }
        }
        case ChatFrame.Moderated _, ChatFrame.Other _ -> {}
        case null -> crowd.notUnderstood(text);
      }
    } finally {
      lock.unlock();
    }
  }

  private void welcomed(Line from, ChatFrame.Welcome frame) {
    crowd.saw(new Sighting.Connected(crowd.now(), number, frame.worker(), frame.incarnation()));
    welcome = true;
    attempts = 0;
    audience().rooms(number).forEach(room -> ask(from, room));
    List.copyOf(unanswered).forEach(id -> send(from, id));
  }

  private void join(int room) {
    lock.lock();
    try {
      Line current = line;
      if (current != null && welcome) {
        ask(current, room);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Goes on behind the last that it saw; in the beginning with all or with what comes.
  private void ask(Line at, int room) {
    Long last = seen.get(room);
    boolean all = audience().readsAll(number);
    if (last != null || all) {
      askAfter(at, room, last == null ? 0 : last);
    } else {
      asked.add(room);
      crowd.saw(new Sighting.Asked(crowd.now(), number, room, Sighting.NOWHERE));
      at.send(ChatFrame.join(chat.rooms().get(room)));
    }
  }

  private void askAfter(Line at, int room, long after) {
    asked.add(room);
    crowd.saw(new Sighting.Asked(crowd.now(), number, room, after));
    at.send(ChatFrame.joinAfter(chat.rooms().get(room), after));
  }

  private void shown(int room, List<ChatFrame.Shown> posts) {
    for (ChatFrame.Shown post : posts) {
      isAt(room, post.index());
      crowd.saw(
          new Sighting.Shown(crowd.now(), number, room, post.index(), post.id(), post.withheld()));
    }
  }

  /// The last that it saw of a room that it knows.
  private void isAt(int room, long index) {
    if (room >= 0) {
      seen.put(room, index);
    }
  }

  private void answered(long id, Answer answer, int partition, long offset) {
    crowd.saw(new Sighting.Answered(crowd.now(), number, id, answer, partition, offset));
  }

  /// Posts; a post that cannot be sent now is sent when it is welcome again.
  ///
  /// @param post its number among the client's posts
  void post(int post) {
    lock.lock();
    try {
      long id = audience().id(number, post);
      Line current = line;
      if (unanswered.size() < UNANSWERED_MAX) {
        unanswered.add(id);
        if (current != null && welcome) {
          send(current, id);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(Line at, long id) {
    crowd.saw(new Sighting.Posted(crowd.now(), number, id));
    at.send(ChatFrame.post(id, chat.rooms().get(chat.room(id)), chat.text(id)));
  }

  /// Reads one of its rooms again from the beginning.
  void reread() {
    lock.lock();
    try {
      List<Integer> rooms = new ArrayList<>(audience().rooms(number));
      int room = rooms.get(rereads++ % rooms.size());
      Line current = line;
      if (current != null && welcome && seen.containsKey(room) && !asked.contains(room)) {
        askAfter(current, room, 0);
      }
    } finally {
      lock.unlock();
    }
  }

  /// What it wants to know of a room, and what it has seen of it.
  ///
  /// @param room its number
  record Question(int room, String name, long seen) {}

  /// What it asks about the last posts of one of its rooms; null where it has not joined it yet.
  @Nullable Question question() {
    lock.lock();
    try {
      List<Integer> rooms = new ArrayList<>(audience().rooms(number));
      int room = rooms.get(questions++ % rooms.size());
      Long last = seen.get(room);
      // what a client reads again from the beginning it has seen before all the same
      return last == null ? null : new Question(room, chat.rooms().get(room), last);
    } finally {
      lock.unlock();
    }
  }

  /// It was answered.
  void answered(Question question, ChatValue.Recent recent) {
    long hash = 0;
    for (ChatValue.Numbered post : recent.posts()) {
      hash = ChatFold.chained(hash, post.id());
    }
    crowd.saw(
        new Sighting.Read(
            crowd.now(),
            number,
            question.room(),
            question.seen(),
            recent.last(),
            recent.posts().size(),
            hash));
  }

  /// Tries to ban somebody, which it may not.
  void banSomebody() {
    lock.lock();
    try {
      Line current = line;
      if (current != null && welcome) {
        String user = chat.users().getFirst();
        crowd.saw(new Sighting.TriedToBan(crowd.now(), number, user));
        current.send(ChatFrame.ban(user, "for fun"));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is connected, has joined all its rooms, and knows what became of its posts.
  boolean isSettled() {
    lock.lock();
    try {
      return welcome
          && asked.isEmpty()
          && unanswered.isEmpty()
          && seen.size() == audience().rooms(number).size();
    } finally {
      lock.unlock();
    }
  }

  /// Leaves for good.
  void leave() {
    lock.lock();
    try {
      Line current = line;
      line = null;
      welcome = false;
      if (current != null) {
        current.abort();
      }
    } finally {
      lock.unlock();
    }
  }

  private int room(String name) {
    return chat.rooms().indexOf(name);
  }

  private Audience audience() {
    return chat.audience();
  }
}
