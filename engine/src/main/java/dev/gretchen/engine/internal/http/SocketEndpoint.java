package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.Socket;
import dev.gretchen.engine.SocketListener;
import dev.gretchen.engine.SocketView;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/// One WebSocket connection: frames in, messages out.
///
/// The next frame is asked for when the last one has been dealt with, a ping when its answer has
/// left: so whoever sends and never reads is not read from for long, and nothing piles up here.
/// Called by one thread at a time.
final class SocketEndpoint implements FrameHandler {

  private final SocketView view;
  private final int messageBytesMax;
  private @Nullable CoreSession session;
  private @Nullable SocketListener listener;

  /// The parts of a message that comes in several; null between messages.
  private @Nullable ByteArrayOutputStream parts;

  private boolean refused;

  SocketEndpoint(SocketView view, int messageBytesMax) {
    this.view = view;
    this.messageBytesMax = messageBytesMax;
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    session = opened;
    try {
      listener = view.opened(new JettySocket(opened));
    } catch (RuntimeException failure) {
      callback.failed(failure);
      return;
    }
    callback.succeeded();
    opened.demand();
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    CoreSession open = session;
    SocketListener heard = listener;
    if (open == null || heard == null || frame.getOpCode() == OpCode.CLOSE) {
      // the server answers a close by itself
      callback.succeeded();
      return;
    }
    heard.heard();
    switch (frame.getOpCode()) {
      case OpCode.TEXT, OpCode.CONTINUATION -> {
        if (!refused) {
          data(frame, open, heard);
        }
        next(open, callback);
      }
      case OpCode.BINARY -> {
        refuse(open, CloseStatus.BAD_DATA, "binary: expected text");
        next(open, callback);
      }
      case OpCode.PING -> {
        Frame pong = new Frame(OpCode.PONG, BufferUtil.copy(frame.getPayload()));
        callback.succeeded();
        open.sendFrame(pong, Callback.from(open::demand, _ -> {}), false);
      }
      default -> next(open, callback);
    }
  }

  private static void next(CoreSession open, Callback callback) {
    callback.succeeded();
    open.demand();
  }

  private void data(Frame frame, CoreSession open, SocketListener heard) {
    ByteArrayOutputStream sofar = parts;
    int before = sofar == null ? 0 : sofar.size();
    if (before + frame.getPayloadLength() > messageBytesMax) {
      refuse(
          open,
          CloseStatus.MESSAGE_TOO_LARGE,
          "too-large: expected at most " + messageBytesMax + " bytes");
      return;
    }
    if (sofar == null && frame.isFin()) {
      said(frame.getPayload(), open, heard);
      return;
    }
    if (sofar == null) {
      sofar = new ByteArrayOutputStream(frame.getPayloadLength());
      parts = sofar;
    }
    sofar.writeBytes(BufferUtil.toArray(frame.getPayload()));
    if (frame.isFin()) {
      parts = null;
      said(ByteBuffer.wrap(sofar.toByteArray()), open, heard);
    }
  }

  private void said(ByteBuffer utf8, CoreSession open, SocketListener heard) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(utf8.slice()).toString();
    } catch (CharacterCodingException _) {
      refuse(open, CloseStatus.BAD_PAYLOAD, "not-text: expected UTF-8");
      return;
    }
    heard.said(text);
  }

  private void refuse(CoreSession open, int code, String reason) {
    refused = true;
    parts = null;
    open.close(code, reason, Callback.NOOP);
  }

  /// Told by [#onClosed] too, which follows.
  @Override
  public void onError(Throwable cause, Callback callback) {
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    SocketListener told = listener;
    if (told != null) {
      told.closed(status.getCode());
    }
    callback.succeeded();
  }

  /// @param session of the server
  private record JettySocket(CoreSession session) implements Socket {

    @Override
    public void send(ByteBuffer utf8, Sent sent) {
      session.sendFrame(new Frame(OpCode.TEXT, utf8), new Told(sent), false);
    }

    @Override
    public void ping() {
      session.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
    }

    @Override
    public void close(int code, String reason) {
      session.close(code, reason, Callback.NOOP);
    }

    @Override
    public void cut() {
      session.abort();
    }
  }

  private record Told(Socket.Sent sent) implements Callback {

    @Override
    public void succeeded() {
      sent.told(true);
    }

    @Override
    public void failed(Throwable cause) {
      sent.told(false);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
