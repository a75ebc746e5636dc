package dev.gretchen.apps.feedchat.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoomLogTest {

  private static final int MANY = Integer.MAX_VALUE;

  private final RoomLog log = new RoomLog();

  static HeldPost post(long index) {
    return new HeldPost(index, index, "ann", new byte[] {'{', '}'});
  }

  private void append(long from, long to) {
    for (long index = from; index <= to; index++) {
      log.append(post(index));
    }
  }

  private List<Long> from(long index) {
    return log.from(index, MANY, MANY) instanceof Slice.Posts(List<HeldPost> posts, boolean _)
        ? posts.stream().map(HeldPost::index).toList()
        : List.of();
  }

  @Test
  void knowsNothingAtFirst() {
    assertThat(log.from(1, MANY, MANY)).isEqualTo(new Slice.Missing());
    assertThat(log.last()).isEmpty();
  }

  @Test
  void isUpToDateBehindWhatItWasTold() {
    log.learn(7);

    assertThat(log.from(8, MANY, MANY)).isEqualTo(new Slice.UpToDate());
    assertThat(log.from(7, MANY, MANY)).isEqualTo(new Slice.Missing());
  }

  @Test
  void knowsThatANewRoomIsEmpty() {
    log.learn(0);

    assertThat(log.from(1, MANY, MANY)).isEqualTo(new Slice.UpToDate());
  }

  @Test
  void givesWhatFollowsAnIndex() {
    append(5, 9);

    assertThat(from(7)).containsExactly(7L, 8L, 9L);
    assertThat(log.from(10, MANY, MANY)).isEqualTo(new Slice.UpToDate());
    assertThat(log.from(4, MANY, MANY)).isEqualTo(new Slice.Missing());
  }

  @Test
  void takesAPostOnce() {
    append(5, 9);
    append(8, 10);

    assertThat(from(5)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void hidesNoHole() {
    append(5, 9);
    append(12, 13);

    assertThat(log.from(9, MANY, MANY)).isEqualTo(new Slice.Missing());
    assertThat(from(12)).containsExactly(12L, 13L);
  }

  @Test
  void takesWhatComesLateAfterItWasToldOfIt() {
    log.learn(6);
    append(5, 6);

    assertThat(from(5)).containsExactly(5L, 6L);
  }

  @Test
  void isNotUpToDateBeforeWhatItWasToldHasCome() {
    log.learn(6);
    append(5, 5);

    assertThat(log.from(6, MANY, MANY)).isEqualTo(new Slice.Missing());
  }

  @Test
  void keepsToTheBoundsOfASlice() {
    append(1, 9);

    assertThat(log.from(1, 2, MANY)).isEqualTo(new Slice.Posts(List.of(at(1), at(2)), true));
    assertThat(log.from(8, 2, MANY)).isEqualTo(new Slice.Posts(List.of(at(8), at(9)), false));
    assertThat(log.from(1, MANY, 1))
        .as("one, whatever it weighs")
        .isEqualTo(new Slice.Posts(List.of(at(1)), true));
  }

  private HeldPost at(long index) {
    return log.from(index, 1, MANY) instanceof Slice.Posts(List<HeldPost> posts, boolean _)
        ? posts.getFirst()
        : post(0);
  }

  @Test
  void evictsTheOldestAlone() {
    append(1, 3);
    log.evict(2);
    assertThat(log.first()).hasValue(1);
    log.evict(1);
    log.evict(2);
    log.evict(3);

    assertThat(log.isEmpty()).isTrue();
    assertThat(log.last()).hasValue(3);
    assertThat(log.from(4, MANY, MANY)).isEqualTo(new Slice.UpToDate());
    assertThat(log.from(3, MANY, MANY)).isEqualTo(new Slice.Missing());
  }

  /// Appends and evictions in any order: what it gives begins where asked and has no hole.
  @Property
  void givesNoHole(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 9) Integer> steps) {
    RoomLog subject = new RoomLog();
    long next = 1;
    for (int step : steps) {
      switch (step) {
        case 0 -> subject.first().ifPresent(subject::evict);
        case 1 -> next += 2;
        default -> {
          subject.append(post(next));
          next++;
        }
      }
      for (long index = 1; index <= next + 1; index++) {
        if (subject.from(index, MANY, MANY)
            instanceof Slice.Posts(List<HeldPost> posts, boolean more)) {
          assertThat(more).isFalse();
          long expected = index;
          for (HeldPost post : posts) {
            assertThat(post.index()).isEqualTo(expected++);
          }
          assertThat(subject.last()).hasValue(expected - 1);
        }
      }
    }
  }
}
