package dev.gretchen.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What holds answers against schemas must itself be seen to find something.
class SchemaCheckTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final JsonNode DESCRIPTION =
      JSON.readTree(
          """
          {"components": {"schemas": {
            "Word": {"type": "string", "enum": ["yes", "no"]},
            "Thing": {
              "type": "object", "required": ["a"], "additionalProperties": false,
              "properties": {
                "a": {"type": "integer"}, "b": {"type": ["number", "null"]},
                "c": {"oneOf": [{"$ref": "#/components/schemas/Word"}, {"type": "null"}]},
                "d": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}}}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"a\": 1}`|``",
        "`{\"a\": 1, \"b\": 2, \"c\": \"no\"}`|``",
        "`{\"a\": 1, \"b\": null, \"c\": null, \"d\": [{\"a\": 2}]}`|``",
        "`{\"b\": 1}`|: no field a",
        "`{\"a\": 1.5}`|/a: expected [integer], found number",
        "`{\"a\": null}`|/a: expected [integer], found null",
        "`{\"a\": 1, \"e\": 2}`|/e: a field that the schema does not know",
        "`{\"a\": 1, \"c\": \"maybe\"}`|/c: 0 alternatives fit \"maybe\"",
        "`{\"a\": 1, \"d\": [{\"a\": \"x\"}]}`|/d/0/a: expected [integer], found string",
        "`[]`|: expected [object], found array",
      })
  void findsWhatDoesNotFit(String value, String wrong) {
    JsonNode schema = DESCRIPTION.at("/components/schemas/Thing");

    assertThat(String.join("; ", new SchemaCheck(DESCRIPTION).check(schema, JSON.readTree(value))))
        .isEqualTo(wrong);
  }

  @Test
  void overlooksNoWordOfASchema() {
    JsonNode schema = JSON.readTree("{\"type\": \"integer\", \"minimum\": 7}");

    assertThat(new SchemaCheck(DESCRIPTION).check(schema, JSON.readTree("1")))
        .containsExactly(": the schema has the word minimum");
  }
}
