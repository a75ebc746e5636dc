package dev.gretchen.serve;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.serve.internal.api.Api;
import dev.gretchen.serve.internal.campaign.Campaigns;
import dev.gretchen.serve.internal.http.Answer;
import dev.gretchen.serve.internal.http.HttpServer;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.serve.internal.http.Route;
import dev.gretchen.serve.internal.http.Routes;
import dev.gretchen.serve.internal.http.Token;
import dev.gretchen.serve.internal.page.Pages;
import dev.gretchen.serve.internal.record.Archive;
import dev.gretchen.serve.internal.record.Live;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A server of the record of a folder of runs.
///
/// Reading needs no token; whatever changes something does. It changes nothing in a run's
/// directory.
public final class RecordServer implements AutoCloseable {

  private final Archive archive;
  private final Campaigns campaigns;
  private final HttpServer http;
  private final URI address;

  private RecordServer(Archive archive, Campaigns campaigns, HttpServer http, URI address) {
    this.archive = archive;
    this.campaigns = campaigns;
    this.http = http;
    this.address = address;
  }

  /// Opens it; it answers when this returns.
  ///
  /// @throws dev.gretchen.verifier.judge.NotARunDirectory if there is no folder of runs
  /// @throws IllegalArgumentException if the token is too short, in one sentence
  /// @throws EnvironmentFailure if the port is taken, or the index cannot be used
  public static RecordServer open(ServeOptions options, InstantSource clock) {
    Optional<Token> token = options.token().map(Token::of);
    Archive archive = Archive.open(options.runs(), clock);
    Campaigns campaigns = new Campaigns(options.runs(), options.soak(), clock);
    try {
      HttpServer http =
          HttpServer.start(
              options.bind(),
              options.port(),
              new Routes(routes(archive, campaigns, token, clock)),
              RecordServer::refused);
      return new RecordServer(archive, campaigns, http, address(options.bind(), http.port()));
    } catch (EnvironmentFailure failure) {
      archive.close();
      throw failure;
    }
  }

  private static List<Route> routes(
      Archive archive, Campaigns campaigns, Optional<Token> token, InstantSource clock) {
    Live live = new Live(archive, clock);
    List<Route> routes = new ArrayList<>(new Api(archive, live, campaigns, token, clock).routes());
    routes.addAll(new Pages(archive, live, campaigns, token.isPresent(), clock).routes());
    return routes;
  }

  private static Answer refused(String path, Refused why) {
    return path.startsWith(Api.ROOT) ? Api.refused(why) : Pages.refused(why);
  }

  private static URI address(InetAddress bind, int port) {
    String host = bind.getHostAddress();
    return URI.create(
        "http://%s:%d/".formatted(bind instanceof Inet6Address ? "[" + host + "]" : host, port));
  }

  /// Where it is.
  public URI address() {
    return address;
  }

  /// Stops answering, and in order the campaigns that were started here.
  @Override
  public void close() {
    http.close();
    campaigns.close();
    archive.close();
  }
}
