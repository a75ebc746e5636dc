package dev.gretchen.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Holds JSON against the schemas of an OpenAPI description, as far as ours go: types, fields,
/// values of enumerations, references and alternatives. A word of a schema that it does not know is
/// an error, so that nothing is left unchecked unseen.
record SchemaCheck(JsonNode description) {

  private static final List<String> KNOWN =
      List.of(
          "type",
          "description",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "$ref",
          "oneOf");

  /// What is wrong, each with its place.
  List<String> check(JsonNode schema, JsonNode value) {
    List<String> wrong = new ArrayList<>();
    check(schema, value, "", wrong);
    return wrong;
  }

  private void check(JsonNode schema, JsonNode value, String where, List<String> wrong) {
    schema.propertyNames().stream()
        .filter(word -> !KNOWN.contains(word))
        .forEach(word -> wrong.add(where + ": the schema has the word " + word));
    if (schema.has("$ref")) {
      check(description.at(schema.path("$ref").asString().substring(1)), value, where, wrong);
      return;
    }
    if (schema.has("oneOf")) {
      alternatives(schema, value, where, wrong);
      return;
    }
    if (schema.has("type") && !types(schema).contains(type(value))) {
      wrong.add(where + ": expected " + types(schema) + ", found " + type(value));
      return;
    }
    if (schema.has("enum")
        && schema.path("enum").valueStream().noneMatch(each -> each.equals(value))) {
      wrong.add(where + ": expected one of " + schema.path("enum") + ", found " + value);
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        check(schema.path("items"), value.path(i), where + "/" + i, wrong);
      }
    }
    if (value.isObject()) {
      object(schema, value, where, wrong);
    }
  }

  private void alternatives(JsonNode schema, JsonNode value, String where, List<String> wrong) {
    long fit =
        schema.path("oneOf").valueStream().filter(each -> check(each, value).isEmpty()).count();
    if (fit != 1) {
      wrong.add(where + ": " + fit + " alternatives fit " + value);
    }
  }

  private void object(JsonNode schema, JsonNode value, String where, List<String> wrong) {
    JsonNode fields = schema.path("properties");
    schema
        .path("required")
        .valueStream()
        .map(JsonNode::asString)
        .filter(name -> !value.has(name))
        .forEach(name -> wrong.add(where + ": no field " + name));
    boolean closed =
        schema.has("additionalProperties") && !schema.path("additionalProperties").asBoolean();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String at = where + "/" + field.getKey();
      if (fields.has(field.getKey())) {
        check(fields.path(field.getKey()), field.getValue(), at, wrong);
      } else if (closed) {
        wrong.add(at + ": a field that the schema does not know");
      }
    }
  }

  private static List<String> types(JsonNode schema) {
    JsonNode type = schema.path("type");
    List<String> types =
        new ArrayList<>(
            type.isArray()
                ? type.valueStream().map(JsonNode::asString).toList()
                : List.of(type.asString()));
    if (types.contains("number")) {
      types.add("integer");
    }
    return types;
  }

  private static String type(JsonNode value) {
    if (value.isObject()) {
      return "object";
    }
    if (value.isArray()) {
      return "array";
    }
    if (value.isString()) {
      return "string";
    }
    if (value.isBoolean()) {
      return "boolean";
    }
    if (value.isNull()) {
      return "null";
    }
    return value.isIntegralNumber() ? "integer" : "number";
  }
}
