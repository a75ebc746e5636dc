package dev.gretchen.chaos.service;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A mailer that sends a mail once per idempotency key.
///
/// `POST /mails` with the header `Idempotency-Key` and a JSON object that names an `order`: 201 for
/// a new mail, 200 with the same content where the key was there before, 409 where the same key
/// comes with another order. `GET /mails` tells the mails as lines of JSON, in the order of their
/// sending. What was sent is in its file, where it has one, before it is answered, so that it
/// outlives `kill -9`. Any thread.
final class Mailbox implements Backend {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Mail(long number, String key, String order) {
    String json() {
      ObjectNode node = JSON.createObjectNode();
      node.put("mail", number);
      node.put("key", key);
      node.put("order", order);
      return JSON.writeValueAsString(node);
    }

    static Mail of(JsonNode node) {
      return new Mail(
          node.required("mail").longValue(),
          node.required("key").stringValue(),
          node.required("order").stringValue());
    }
  }

  private final @Nullable BufferedWriter file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Mail> mails = new LinkedHashMap<>(); // guarded by lock

  private Mailbox(@Nullable BufferedWriter file) {
    this.file = file;
  }

  static Mailbox inMemory() {
    return new Mailbox(null);
  }

  /// One that goes on where the file ends; a last line that was cut off was never answered.
  static Mailbox open(Path path) throws IOException {
    Map<String, Mail> known = new LinkedHashMap<>();
    if (Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        try {
          Mail mail = Mail.of(JSON.readTree(line));
          known.put(mail.key(), mail);
        } catch (JacksonException _) {
          break;
        }
      }
    }
    String kept = known.values().stream().map(Mail::json).collect(Collectors.joining("\n"));
    Files.writeString(path, kept.isEmpty() ? "" : kept + "\n");
    Mailbox mailbox = new Mailbox(Files.newBufferedWriter(path, StandardOpenOption.APPEND));
    mailbox.mails.putAll(known);
    return mailbox;
  }

  @Override
  public Answer answer(Request request) throws IOException {
    return switch (request.method() + " " + request.path()) {
      case "POST /mails" -> send(request);
      case "GET /mails" -> tell();
      default -> Answer.json(404, "{\"error\":\"not found\"}");
    };
  }

  private Answer send(Request request) throws IOException {
    String key = request.headers().getOrDefault("idempotency-key", "");
    String order;
    try {
      order = JSON.readTree(request.body()).path("order").asString("");
    } catch (JacksonException _) {
      return Answer.json(400, "{\"error\":\"the body is not JSON\"}");
    }
    if (key.isEmpty() || order.isEmpty()) {
      return Answer.json(400, "{\"error\":\"Idempotency-Key or order is missing\"}");
    }
    lock.lock();
    try {
      Mail known = mails.get(key);
      if (known != null) {
        return Answer.json(known.order().equals(order) ? 200 : 409, known.json());
      }
      Mail mail = new Mail(mails.size() + 1L, key, order);
      if (file != null) {
        file.write(mail.json());
        file.newLine();
        file.flush();
      }
      mails.put(key, mail);
      return Answer.json(201, mail.json());
    } finally {
      lock.unlock();
    }
  }

  private Answer tell() {
    lock.lock();
    try {
      String lines = mails.values().stream().map(Mail::json).collect(Collectors.joining("\n"));
      return new Answer(
          200,
          Map.of("content-type", "application/x-ndjson"),
          lines.getBytes(StandardCharsets.UTF_8));
    } finally {
      lock.unlock();
    }
  }
}
