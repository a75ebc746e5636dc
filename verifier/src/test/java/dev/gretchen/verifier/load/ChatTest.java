package dev.gretchen.verifier.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.contract.Partitioner;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChatTest {

  private final LoadPlan plan = plan(7);
  private final Chat chat = plan.chat();

  private static LoadPlan plan(long seed) {
    return new LoadPlan(
        LoadShape.uniform(seed, 100, Duration.ofSeconds(60), 4, "primary"), LoadKind.CHAT);
  }

  @Test
  void isAFunctionOfItsSeed() {
    assertThat(plan(7).loadHash()).isEqualTo(plan.loadHash());
    assertThat(plan(8).loadHash()).isNotEqualTo(plan.loadHash());
  }

  @Test
  void everyEventIsWhatItsKindSaysByTheRulesOfTheContract() {
    Map<Chat.Kind, Integer> kinds = new EnumMap<>(Chat.Kind.class);
    for (long i = 0; i < plan.count(); i++) {
      LoadEvent event = plan.event(i);
      Chat.Kind kind = chat.kind(event.id());
      kinds.merge(kind, 1, Integer::sum);
      ChatEvent decoded = ChatEvent.decode(event.key(), event.value());
      switch (kind) {
        case POST ->
            assertThat(decoded)
                .isEqualTo(
                    new ChatEvent.Post(
                        chat.user(event.id()),
                        chat.rooms().get(chat.room(event.id())),
                        chat.text(event.id())));
        case BAN -> assertThat(decoded).isInstanceOf(ChatEvent.Ban.class);
        case UNBAN -> assertThat(decoded).isInstanceOf(ChatEvent.Unban.class);
        case BROKEN -> assertThat(decoded).isNull();
      }
      assertThat(event.partition()).isEqualTo(Partitioner.partition(event.key(), 4));
    }
    assertThat(kinds.values()).hasSize(4).allMatch(count -> count > 20);
  }

  @Test
  void inAStormNearlyHalfOfTheEventsBanOrUnbanAFewUsers() {
    Set<String> users = new HashSet<>();
    int moderations = 0;
    for (long i = Chat.STRETCH; i < 2 * Chat.STRETCH; i++) {
      users.add(chat.user(plan.id(i)));
      Chat.Kind kind = chat.kind(plan.id(i));
      moderations += kind == Chat.Kind.BAN || kind == Chat.Kind.UNBAN ? 1 : 0;
    }
    assertThat(users).hasSize(Chat.STORMED);
    assertThat(moderations).isBetween(Chat.STRETCH / 4, Chat.STRETCH / 2 + 20);
  }

  @Test
  void inAFloodEveryOtherEventIsOneUsers() {
    Map<String, Integer> users = new HashMap<>();
    for (long i = 3L * Chat.STRETCH; i < 4L * Chat.STRETCH; i++) {
      users.merge(chat.user(plan.id(i)), 1, Integer::sum);
    }
    assertThat(users.values()).anyMatch(count -> count > Chat.STRETCH / 3);
  }

  @Test
  void outcastsAreNeverUnbannedAndNotBannedBeforeTheyHavePosted() {
    Set<String> banned = new HashSet<>();
    for (long i = 0; i < plan.count(); i++) {
      long id = plan.id(i);
      if (chat.keyNumber(id) % Chat.OUTCAST_EVERY == Chat.OUTCAST_EVERY - 1) {
        assertThat(chat.kind(id)).isNotEqualTo(Chat.Kind.UNBAN);
        if (chat.kind(id) == Chat.Kind.BAN) {
          assertThat(i).isGreaterThan(plan.count() / 4);
          banned.add(chat.user(id));
        }
      }
    }
    assertThat(banned).hasSizeGreaterThan(15);
  }

  @Property(tries = 200)
  void theIdOfAClientsPostNamesClientAndNumber(
      @ForAll long seed,
      @ForAll @IntRange(max = 20_000) int client,
      @ForAll @IntRange(max = 1_000_000) int number) {
    LoadPlan any =
        new LoadPlan(
            LoadShape.uniform(seed, 1, Duration.ofSeconds(2), 4, "primary"), LoadKind.CHAT);
    Audience audience = any.chat().audience();
    long id = audience.id(client, number);

    assertThat(audience.has(id)).isTrue();
    assertThat(audience.client(id)).isEqualTo(client);
    assertThat(audience.number(id)).isEqualTo(number);
    assertThat(any.indexOf(id)).isNegative();
    assertThat(any.isOfClient(any.id(1))).isFalse();
    assertThat(audience.rooms(client)).contains(audience.roomOf(id));
  }

  @Test
  void aClientPostsInTheOrderOfItsPostsAndAFlooderInBursts() {
    Audience audience = chat.audience();
    int flooder = Audience.FLOODER_EVERY / 2;
    assertThat(audience.floods(flooder)).isTrue();
    for (int client : new int[] {0, 1, flooder}) {
      for (int number = 1; number < 500; number++) {
        assertThat(audience.dueMillis(client, number))
            .isGreaterThan(audience.dueMillis(client, number - 1));
      }
    }
    assertThat(audience.dueMillis(flooder, 99) - audience.dueMillis(flooder, 0)).isLessThan(2_000);
  }
}
