package dev.gretchen.testkit.client;

/// Producer id and epoch.
///
/// @param id -1 for none
record ProducerIdentity(long id, short epoch) {

  static final ProducerIdentity NONE = new ProducerIdentity(-1, (short) -1);

  boolean isValid() {
    return id >= 0;
  }

  ProducerIdentity bumped() {
    return new ProducerIdentity(id, (short) (epoch + 1));
  }
}
