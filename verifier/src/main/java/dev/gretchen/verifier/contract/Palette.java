package dev.gretchen.verifier.contract;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/// The colours that an app counts.
///
/// @param name `primary`, `css` or `synthetic:N`
/// @param colors in a fixed order
public record Palette(String name, SequencedSet<String> colors) {

  /// The largest synthetic palette; its tallies must fit the memory of the judge.
  public static final int SYNTHETIC_MAX = 10_000_000;

  private static final String SYNTHETIC = "synthetic:";

  public Palette {
    colors = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(colors));
    if (colors.isEmpty()) {
      throw new IllegalArgumentException("palette " + name + " holds no colour");
    }
  }

  /// The palette of a name.
  ///
  /// @throws IllegalArgumentException where no palette has that name; says which have
  public static Palette parse(String name) {
    if (name.equals("primary")) {
      return new Palette(name, new LinkedHashSet<>(List.of("red", "green", "blue")));
    }
    if (name.equals("css")) {
      return new Palette(name, new LinkedHashSet<>(CssColors.NAMES));
    }
    if (name.matches("synthetic:[1-9][0-9]{0,7}")) {
      int size = Integer.parseInt(name.substring(SYNTHETIC.length()));
      if (size <= SYNTHETIC_MAX) {
        SequencedSet<String> colors = LinkedHashSet.newLinkedHashSet(size);
        IntStream.range(0, size).forEach(i -> colors.add("c" + i));
        return new Palette(name, colors);
      }
    }
    throw new IllegalArgumentException(
        "no palette is called "
            + name
            + "; there are primary, css and synthetic:N with N from 1 to "
            + SYNTHETIC_MAX);
  }

  /// Whether a value is a colour of this palette.
  public boolean accepts(String value) {
    return colors.contains(value);
  }
}
