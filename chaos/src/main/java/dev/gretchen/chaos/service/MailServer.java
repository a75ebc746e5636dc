package dev.gretchen.chaos.service;

import java.io.IOException;
import java.nio.file.Path;

/// The main class of a mailer process. It ends with its standard input, because then its parent has
/// died.
final class MailServer {

  private MailServer() {}

  /// Arguments: the port and the file of its mails.
  public static void main(String[] arguments) throws IOException {
    Mailbox mailbox = Mailbox.open(Path.of(arguments[1]));
    HttpListener listener =
        new HttpListener(
            "mailer",
            Integer.parseInt(arguments[0]),
            (request, reply) -> reply.send(mailbox.answer(request)));
    listener.open();
    while (System.in.read() >= 0) {
      // nothing is expected
    }
    listener.close();
  }
}
