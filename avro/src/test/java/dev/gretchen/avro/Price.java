package dev.gretchen.avro;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/// As Avro's compiler writes a class, but for what no test needs.
public final class Price extends SpecificRecordBase {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("MemberName") // Avro looks for it by this name
  public static final Schema SCHEMA$ =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "namespace": "dev.gretchen.avro", "name": "Price",
               "fields": [{"name": "article", "type": "string"}, {"name": "cents", "type": "long"}]}
              """);

  private CharSequence article = "";
  private long cents;

  public Price() {}

  Price(String article, long cents) {
    this.article = article;
    this.cents = cents;
  }

  CharSequence article() {
    return article;
  }

  long cents() {
    return cents;
  }

  @Override
  public Schema getSchema() {
    return SCHEMA$;
  }

  @Override
  public Object get(int field) {
    return field == 0 ? article : cents;
  }

  @Override
  public void put(int field, Object value) {
    if (field == 0) {
      article = (CharSequence) value;
    } else {
      cents = (long) value;
    }
  }
}
