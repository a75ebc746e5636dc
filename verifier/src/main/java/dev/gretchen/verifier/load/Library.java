package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Mix;
import org.jspecify.annotations.Nullable;

/// The documents that queries look for: a pure function of the seed. The title of each begins with
/// a word of its own, so that a query of that word, alone or with another word of the title, has
/// one answer on any search engine. Immutable, any thread.
public final class Library {

  /// How many documents there are.
  public static final int SIZE = 400;

  private static final int NOWHERE_PERCENT = 5;
  private static final String[] WORDS = {
    "annual", "report", "quarterly", "results", "outlook", "dividend", "merger", "guidance"
  };

  private final long key;

  Library(long key) {
    this.key = Mix.mix(key + 2);
  }

  /// The id of a document.
  public String id(int document) {
    return "d" + document;
  }

  /// The title of a document.
  public String title(int document) {
    return own(document) + " " + word(document, 0) + " " + word(document, 1);
  }

  /// The document that a query has as its answer, -1 for none.
  public int answer(long eventId) {
    long chance = Chance.of(eventId, 7);
    return Chance.below(Mix.mix(chance), 100) < NOWHERE_PERCENT ? -1 : Chance.below(chance, SIZE);
  }

  /// The title of a query's answer, null for none.
  public @Nullable String answerTitle(long eventId) {
    int answer = answer(eventId);
    return answer < 0 ? null : title(answer);
  }

  /// What a query asks.
  String query(long eventId) {
    int answer = answer(eventId);
    if (answer < 0) {
      return "nowhere" + Chance.below(Chance.of(eventId, 8), 1_000);
    }
    boolean alone = (Chance.of(eventId, 8) & 1) == 0;
    return alone ? own(answer) : own(answer) + " " + word(answer, 1);
  }

  private String own(int document) {
    return "w" + Long.toString(Mix.mix(key + document) >>> 24, 36);
  }

  private String word(int document, int place) {
    return WORDS[Chance.below(Mix.mix(Mix.mix(key - document) + place), WORDS.length)];
  }
}
