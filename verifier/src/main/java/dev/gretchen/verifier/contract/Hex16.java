package dev.gretchen.verifier.contract;

import java.util.HexFormat;

/// 64-bit values as 16 lower-case hexadecimal digits, as everywhere in the contract.
public final class Hex16 {

  private static final HexFormat HEX = HexFormat.of();

  private Hex16() {}

  /// The 16 digits of a value.
  public static String of(long value) {
    return HEX.toHexDigits(value);
  }

  /// The value of exactly 16 lower-case digits.
  ///
  /// @throws IllegalArgumentException for anything else
  public static long parse(String digits) {
    if (digits.length() != 16) {
      throw new IllegalArgumentException("expected 16 hexadecimal digits, found " + digits);
    }
    long value = 0;
    for (int i = 0; i < 16; i++) {
      int digit = digit(digits.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("expected 16 hexadecimal digits, found " + digits);
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /// The value of one lower-case digit, -1 for any other character.
  static int digit(int character) {
    if (character >= '0' && character <= '9') {
      return character - '0';
    }
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
  }
}
