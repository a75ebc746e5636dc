package dev.gretchen.peers.contract;

import java.util.Set;

/// Which words are colours.
public sealed interface Palette {

  /// Whether a word is a colour.
  boolean contains(String word);

  /// Reads `primary`, `css` or `synthetic:N`.
  ///
  /// @throws IllegalArgumentException naming what is allowed
  static Palette parse(String text) {
    if (text.equals("primary")) {
      return new Named(Set.of("red", "green", "blue"));
    }
    if (text.equals("css")) {
      return new Named(CssColors.NAMES);
    }
    if (text.matches("synthetic:[1-9][0-9]{0,7}")) {
      return new Synthetic(Integer.parseInt(text.substring("synthetic:".length())));
    }
    throw new IllegalArgumentException(
        "--palette: expected primary, css or synthetic:N (1 to 99999999), found '" + text + "'");
  }

  /// A fixed list.
  record Named(Set<String> names) implements Palette {
    @Override
    public boolean contains(String word) {
      return names.contains(word);
    }
  }

  /// `c0` to `c<N-1>`, so that a soak has as many keys as it likes.
  record Synthetic(int colors) implements Palette {

    private static final int DIGITS_MAX = 8;

    @Override
    public boolean contains(String word) {
      int digits = word.length() - 1;
      if (digits < 1
          || digits > DIGITS_MAX
          || word.charAt(0) != 'c'
          || (digits > 1 && word.charAt(1) == '0')) {
        return false;
      }
      int number = 0;
      for (int i = 1; i < word.length(); i++) {
        int digit = word.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          return false;
        }
        number = number * 10 + digit;
      }
      return number < colors;
    }
  }
}
