package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.fault.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON form of a plan. Written by hand, so that renaming a type changes no file and no hash.
final class PlanJson {
  private static final String SCHEMA = "gretchen-plan/1";
  private static final int HASH_BYTES = 8;

  private PlanJson() {}

  static String write(Plan plan) {
    ObjectNode root = tree(plan);
    root.put("hash", hash(plan));
    return root.toPrettyString();
  }

  static String hash(Plan plan) {
    try {
      byte[] text = tree(plan).toString().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static ObjectNode tree(Plan plan) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("schema", SCHEMA);
    root.put("seed", plan.seed());
    root.put("loadMillis", plan.load().toMillis());
    var steps = root.putArray("steps");
    plan.steps().forEach(step -> steps.add(tree(step)));
    var leftOut = root.putArray("leftOut");
    for (Skipped skipped : plan.leftOut()) {
      leftOut
          .addObject()
          .put("id", skipped.id())
          .put("kind", skipped.kind())
          .put("reason", skipped.reason());
    }
    return root;
  }

  private static ObjectNode tree(Step step) {
    ObjectNode node = JsonMapper.shared().createObjectNode();
    node.put("ordinal", step.ordinal());
    node.put("id", step.kind().id());
    node.put("kind", step.kind().word());
    node.put("target", step.target().toString());
    ObjectNode trigger = node.putObject("trigger");
    switch (step.trigger()) {
      case Trigger.AtProgress(double fraction) -> trigger.put("fraction", fraction);
      case Trigger.AtTime(Duration since) -> trigger.put("sinceStartMillis", since.toMillis());
      case Trigger.AfterHealed(Duration calm) -> trigger.put("calmMillis", calm.toMillis());
    }
    ObjectNode parameters = node.putObject("parameters");
    step.parameters().forEach(parameters::put);
    return node;
  }

  static Plan read(String json) {
    try {
      JsonNode root = JsonMapper.shared().readTree(json);
      if (!root.path("schema").asString("").equals(SCHEMA)) {
        throw new IllegalArgumentException("Not a plan of faults: its schema is not " + SCHEMA);
      }
      List<Step> steps = new ArrayList<>();
      root.required("steps").forEach(node -> steps.add(step(node)));
      List<Skipped> leftOut = new ArrayList<>();
      root.required("leftOut").forEach(node -> leftOut.add(skipped(node)));
      Duration load = Duration.ofMillis(root.required("loadMillis").longValue());
      Plan plan = new Plan(root.required("seed").longValue(), load, steps, leftOut);
      return requireHash(plan, root.path("hash").asString(""));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("Not a plan of faults: " + e.getOriginalMessage(), e);
    }
  }

  private static Plan requireHash(Plan plan, String expected) {
    if (!plan.hash().equals(expected)) {
      throw new IllegalArgumentException(
          "The plan was changed: its hash is %s, the file says %s"
              .formatted(plan.hash(), expected));
    }
    return plan;
  }

  private static Step step(JsonNode node) {
    String word = text(node, "kind");
    FaultKind kind =
        FaultKind.ofWord(word)
            .orElseThrow(() -> new IllegalArgumentException("Unknown kind of fault: " + word));
    Map<String, Long> parameters = new TreeMap<>();
    node.required("parameters")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().longValue()));
    return new Step(
        node.required("ordinal").intValue(),
        kind,
        Target.parse(text(node, "target")),
        trigger(node.required("trigger")),
        parameters);
  }

  private static Trigger trigger(JsonNode node) {
    if (node.has("fraction")) {
      return new Trigger.AtProgress(node.required("fraction").doubleValue());
    }
    if (node.has("sinceStartMillis")) {
      return new Trigger.AtTime(Duration.ofMillis(node.required("sinceStartMillis").longValue()));
    }
    return new Trigger.AfterHealed(Duration.ofMillis(node.required("calmMillis").longValue()));
  }

  private static Skipped skipped(JsonNode node) {
    return new Skipped(text(node, "id"), text(node, "kind"), text(node, "reason"));
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).stringValue();
  }
}
