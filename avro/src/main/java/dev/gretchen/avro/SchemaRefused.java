package dev.gretchen.avro;

/// A schema does not fit to what was written by earlier ones; the message names the field.
public final class SchemaRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SchemaRefused(String message) {
    super(message);
  }
}
