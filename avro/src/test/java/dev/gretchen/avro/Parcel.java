package dev.gretchen.avro;

import java.util.List;

/// A plain class, as Avro's reflection makes one.
final class Parcel {

  String to = "";
  int grams;
  List<String> marks = List.of();

  Parcel() {}

  Parcel(String to, int grams, List<String> marks) {
    this.to = to;
    this.grams = grams;
    this.marks = marks;
  }
}
