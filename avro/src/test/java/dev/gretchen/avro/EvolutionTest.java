package dev.gretchen.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/// What a new version of a schema may change, and how a change that breaks is explained.
class EvolutionTest {

  private static final String ARTICLE = "{'name': 'article', 'type': 'string'}";

  @Test
  void aNewFieldWithADefaultBreaksNothing() {
    Schema old = order(ARTICLE);
    Schema now = order(ARTICLE, "{'name': 'quantity', 'type': 'long', 'default': 1}");
    assertThatCode(() -> check(Evolution.FULL, old, now)).doesNotThrowAnyException();
    assertThatCode(() -> check(Evolution.FULL, now, old)).doesNotThrowAnyException();
  }

  @Test
  void aNewFieldWithoutADefaultIsNamed() {
    assertThatThrownBy(() ->
            check(
                Evolution.BACKWARD,
                order(ARTICLE),
                order(ARTICLE, "{'name': 'quantity', 'type': 'long'}")))
        .isInstanceOf(SchemaRefused.class)
        .hasMessage(
            "subject orders-value, rule BACKWARD: field quantity is new and has no default, so what version 1 has written could not be read any more; give it a default");
  }

  @Test
  void aFieldThatOldReadersNeedIsNamedWhereItIsDropped() {
    Schema old = order(ARTICLE, "{'name': 'quantity', 'type': 'long'}");
    assertThatCode(() -> check(Evolution.BACKWARD, old, order(ARTICLE))).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(Evolution.FULL, old, order(ARTICLE)))
        .hasMessageContaining("field quantity is gone, and version 1 has no default for it")
        .hasMessageContaining("workers that still read by version 1 could not read");
  }

  @Test
  void aChangedTypeIsNamedInTheDirectionInWhichItWasChanged() {
    Schema text = order("{'name': 'price', 'type': 'string'}");
    Schema number = order("{'name': 'price', 'type': 'long'}");
    assertThatThrownBy(() -> check(Evolution.BACKWARD, number, text))
        .hasMessageContaining("field price was long and is string now");
    assertThatThrownBy(() -> check(Evolution.FORWARD, number, text))
        .hasMessageContaining("field price was long and is string now");
    assertThatCode(
            () -> check(Evolution.BACKWARD, order("{'name': 'price', 'type': 'int'}"), number))
        .as("a long holds every int")
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> check(Evolution.FULL, order("{'name': 'price', 'type': 'int'}"), number))
        .hasMessageContaining("field price was int and is long now");
  }

  @Test
  void aFieldDeepInsideIsNamedByItsPath() {
    assertThatThrownBy(() -> check(Evolution.BACKWARD, lines("int"), lines("string")))
        .hasMessageContaining("field lines[].price was int and is string now");
    assertThatThrownBy(() -> check(Evolution.BACKWARD, prices("int"), prices("string")))
        .hasMessageContaining("field prices{} was int and is string now");
  }

  @Test
  void aFieldOfARecordThatMayBeNullIsNamedByItsPath() {
    assertThatThrownBy(() -> check(Evolution.BACKWARD, customer(""), customer(", " + VIP)))
        .hasMessageContaining("field customer.vip is new and has no default");
    assertThatThrownBy(() -> check(Evolution.FORWARD, customer(", " + VIP), customer("")))
        .hasMessageContaining("field customer.vip is gone");
  }

  @Test
  void anEnumKeepsItsSymbols() {
    Schema three = order(color("'RED', 'GREEN', 'BLUE'"));
    Schema two = order(color("'RED', 'GREEN'"));
    assertThatThrownBy(() -> check(Evolution.BACKWARD, three, two))
        .hasMessageContaining("field color has lost the symbols [BLUE]");
    assertThatThrownBy(() -> check(Evolution.FORWARD, two, three))
        .hasMessageContaining("field color has the new symbols [BLUE]");
  }

  @Test
  void aUnionKeepsItsTypes() {
    Schema nullable = order("{'name': 'note', 'type': ['null', 'string'], 'default': null}");
    Schema plain = order("{'name': 'note', 'type': 'string', 'default': ''}");
    assertThatThrownBy(() -> check(Evolution.BACKWARD, nullable, plain))
        .hasMessageContaining("field note was null and is string now");
    Schema wider = order("{'name': 'note', 'type': ['null', 'string', 'long'], 'default': null}");
    assertThatThrownBy(() -> check(Evolution.BACKWARD, wider, nullable))
        .hasMessageContaining("field note has lost a type of its union")
        .hasMessageContaining("LONG");
  }

  @Test
  void aRecordKeepsItsName() {
    Schema renamed = new Schema.Parser().parse(json("Purchase", ARTICLE));
    assertThatThrownBy(() -> check(Evolution.BACKWARD, order(ARTICLE), renamed))
        .hasMessageContaining("the schema shop.Purchase was named shop.Order")
        .hasMessageContaining("as an alias");
  }

  @Test
  void aFixedKeepsItsSize() {
    assertThatThrownBy(() -> check(Evolution.FULL, order(hash(16)), order(hash(20))))
        .hasMessageContaining("field hash is of another size (expected: 16, found: 20)");
  }

  @Test
  void everyVersionCountsAndNotTheLastAlone() {
    Schema first = order(ARTICLE, "{'name': 'price', 'type': 'long', 'default': 0}");
    Schema second = order(ARTICLE);
    Schema third = order(ARTICLE, "{'name': 'price', 'type': 'string', 'default': ''}");
    List<RegisteredSchema> versions =
        List.of(new RegisteredSchema(1, 1, first), new RegisteredSchema(2, 2, second));
    assertThatThrownBy(() -> Evolution.FULL.check("orders-value", versions, third))
        .hasMessageContaining("field price was long and is string now")
        .hasMessageContaining("version 1");
    assertThat(versions).hasSize(2);
  }

  private static final String VIP = "{'name': 'vip', 'type': 'boolean'}";

  private static Schema customer(String more) {
    return order(
        "{'name': 'customer', 'default': null, 'type': ['null', {'type': 'record', 'name': 'Customer', 'fields': [{'name': 'name', 'type': 'string'}"
            + more
            + "]}]}");
  }

  private static Schema lines(String price) {
    return order(
        "{'name': 'lines', 'type': {'type': 'array', 'items': {'type': 'record', 'name': 'Line', 'fields': [{'name': 'price', 'type': '"
            + price
            + "'}]}}}");
  }

  private static Schema prices(String price) {
    return order("{'name': 'prices', 'type': {'type': 'map', 'values': '" + price + "'}}");
  }

  private static String color(String symbols) {
    return "{'name': 'color', 'type': {'type': 'enum', 'name': 'Color', 'symbols': ["
        + symbols
        + "]}}";
  }

  private static String hash(int size) {
    return "{'name': 'hash', 'type': {'type': 'fixed', 'name': 'Hash', 'size': " + size + "}}";
  }

  private static Schema order(String... fields) {
    return new Schema.Parser().parse(json("Order", fields));
  }

  private static String json(String name, String... fields) {
    return ("{'type': 'record', 'namespace': 'shop', 'name': '"
            + name
            + "', 'fields': ["
            + String.join(", ", fields)
            + "]}")
        .replace('\'', '"');
  }

  private static void check(Evolution rule, Schema old, Schema now) {
    rule.check("orders-value", List.of(new RegisteredSchema(1, 1, old)), now);
  }
}
