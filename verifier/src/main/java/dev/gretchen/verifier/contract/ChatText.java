package dev.gretchen.verifier.contract;

import java.util.regex.Pattern;

/// Which names and texts a chat takes.
final class ChatText {

  private static final int USER_MAX = 64;
  private static final int TEXT_MAX = 1_000;
  private static final int REASON_MAX = 200;
  private static final Pattern ROOM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  private ChatText() {}

  /// Letters and digits of any script, and `.`, `_`, `-` but not first.
  static boolean isUser(String name) {
    return !name.isEmpty()
        && name.codePointCount(0, name.length()) <= USER_MAX
        && Character.isLetterOrDigit(name.codePointAt(0))
        && name.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0);
  }

  static boolean isRoom(String name) {
    return ROOM.matcher(name).matches();
  }

  static boolean isText(String text) {
    return text.length() <= TEXT_MAX && isReadable(text);
  }

  static boolean isReason(String text) {
    return text.isEmpty() || (text.length() <= REASON_MAX && isReadable(text));
  }

  /// Not blank, no control character but line feed and tab, no half of a surrogate pair.
  private static boolean isReadable(String text) {
    return !text.isBlank()
        && text.codePoints()
            .noneMatch(c ->
                (Character.isISOControl(c) && c != '\n' && c != '\t')
                    || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }
}
