package dev.gretchen.avro;

import dev.gretchen.engine.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/// Writes by one schema, and reads what was written by any that the registry knows, as its own
/// schema has it.
///
/// It waits for the registry where it meets an id for the first time, and never again for that id.
final class AvroCodec<T> implements Codec<T> {

  private static final int USUAL_BYTES = 128;

  private final String subject;
  private final RegisteredSchema mine;
  private final SchemaRegistry registry;
  private final WireFormat format;
  private final GenericData data;
  private final DatumWriter<T> writer;
  private final byte[] header;
  private final Map<Long, DatumReader<T>> readers = new ConcurrentHashMap<>();

  /// @param mine by which is written, and as which is read
  /// @param data how values are built: generic, of generated classes, or of plain ones
  @SuppressWarnings("unchecked") // a writer takes what its data is of
  AvroCodec(String subject, RegisteredSchema mine, SchemaRegistry registry, GenericData data) {
    this.subject = subject;
    this.mine = mine;
    this.registry = registry;
    this.format = registry.format();
    this.data = data;
    this.writer = (DatumWriter<T>) data.createDatumWriter(mine.schema());
    this.header = format.header(mine.id());
    readers.put(mine.id(), reader(mine.schema()));
  }

  @Override
  public byte[] encode(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    bytes.writeBytes(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      writer.write(value, encoder);
      encoder.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  @Override
  public T decode(byte[] bytes) {
    DatumReader<T> reader = reader(format.id(bytes));
    int begin = format.length();
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, begin, bytes.length - begin, null);
    try {
      T value = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new IllegalArgumentException(
            "subject " + subject + ": the record has bytes left when its schema has none");
      }
      return value;
    } catch (IOException broken) {
      throw new IllegalArgumentException(
          "subject " + subject + ": the record ends before its schema does", broken);
    }
  }

  private DatumReader<T> reader(long id) {
    DatumReader<T> known = readers.get(id);
    if (known != null) {
      return known;
    }
    Schema written =
        registry
            .find(id)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "subject "
                        + subject
                        + ": the record was written by schema "
                        + Long.toHexString(id)
                        + ", which the registry does not know; was it written with another registry?"));
    DatumReader<T> made = reader(written);
    readers.put(id, made);
    return made;
  }

  @SuppressWarnings("unchecked") // a reader makes what its data is of
  private DatumReader<T> reader(Schema written) {
    return (DatumReader<T>) data.createDatumReader(written, mine.schema());
  }
}
