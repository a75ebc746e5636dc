package dev.gretchen.chaos.service;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.1 requests with a length or in chunks.
final class RequestReader {

  private static final int LINE_MAX = 16 * 1024;
  private static final int HEADERS_MAX = 200;
  private static final int BODY_MAX = 64 << 20;

  private RequestReader() {}

  /// The next request, null where the caller has closed the connection in between.
  static @Nullable Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null || first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3) {
      throw new IOException("no HTTP request: " + first);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= HEADERS_MAX) {
        throw new IOException("no HTTP header, or too many: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Request(words[0], words[1], headers, body(in, headers));
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (true) {
        String size = line(in);
        int length = length(size == null ? "" : size.split(";", -1)[0], 16);
        body.write(exactly(in, length));
        line(in);
        if (length == 0) {
          return body.toByteArray();
        }
      }
    }
    return exactly(in, length(headers.getOrDefault("content-length", "0"), 10));
  }

  private static int length(String digits, int radix) throws IOException {
    try {
      int length = Integer.parseInt(digits.strip(), radix);
      if (length >= 0 && length <= BODY_MAX) {
        return length;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IOException("expected a length of 0 to " + BODY_MAX + ", found " + digits);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the request ends in its body");
    }
    return bytes;
  }

  /// A line without its end, null at the end of the stream.
  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      if (line.size() > LINE_MAX) {
        throw new IOException("a line of more than " + LINE_MAX + " bytes");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
