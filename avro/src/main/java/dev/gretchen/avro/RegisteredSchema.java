package dev.gretchen.avro;

import org.apache.avro.Schema;

/// A schema that a registry keeps.
///
/// @param version of its subject, rising
/// @param id by which records name it
public record RegisteredSchema(int version, long id, Schema schema) {}
