package dev.gretchen.verifier.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Words that speakers say. About [LoadPlan#COLORS_PERCENT] % are colours of a palette, uniform or
/// by Zipf's law; the rest are words outside of it, half of them a colour with a suffix, so that a
/// filter that compares prefixes is found out. The key is a speaker; a speaker always speaks on one
/// partition.
final class Words implements LoadContent {

  private static final int SPEAKERS_PER_PARTITION = 64;
  private static final int NOISE_WORDS = 500;

  private final List<String> words;
  private final byte[][] colors;
  private final byte[][] noise;
  private final byte[][] speakers;
  private final double[] zipf;
  private final int partitions;

  Words(List<String> words, int partitions, double skew) {
    this.words = List.copyOf(words);
    this.colors = words.stream().map(Words::utf8).toArray(byte[][]::new);
    this.noise = noise(words);
    this.speakers = new byte[SPEAKERS_PER_PARTITION * partitions][];
    Arrays.setAll(speakers, i -> utf8("s" + i));
    this.zipf = Chance.zipf(colors.length, skew);
    this.partitions = partitions;
  }

  @Override
  public int keyNumber(long id) {
    return Chance.below(Chance.of(id, 1), speakers.length);
  }

  @Override
  public byte[] key(int speaker) {
    return speakers[speaker];
  }

  @Override
  public int partition(int speaker) {
    return speaker % partitions;
  }

  @Override
  public byte[] value(long id) {
    long chance = Chance.of(id, 3);
    return isAccepted(id)
        ? colors[Chance.pick(chance, colors.length, zipf)]
        : noise[Chance.below(chance, noise.length)];
  }

  @Override
  public boolean isAccepted(long id) {
    return Chance.below(Chance.of(id, 2), 100) < LoadPlan.COLORS_PERCENT;
  }

  @Override
  public List<String> acceptedKeys() {
    return words;
  }

  private static byte[][] noise(List<String> words) {
    byte[][] noise = new byte[NOISE_WORDS][];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = utf8(i % 2 == 0 ? "word-" + i : words.get(i % words.size()) + "ish");
    }
    return noise;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
