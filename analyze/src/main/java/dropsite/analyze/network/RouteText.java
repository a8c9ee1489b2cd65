package dropsite.analyze.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a route as {@code ip route} does. */
final class RouteText {
  private static final List<String> MORE =
      List.of("scope", "prefsrc", "tos", "metric", "error", "expires", "nhid");

  /** What else belongs to a route, and the words by which ip takes it. */
  private static final Map<String, String> KEPT =
      new TreeMap<>(Map.of("protocol", "proto", "scope", "scope", "prefsrc", "src", "tos", "tos"));

  private RouteText() {}

  static String of(Json item, String type, List<Route.Hop> hops) {
    List<String> words = new ArrayList<>();
    if (!type.equals("unicast")) {
      words.add(type);
    }
    words.add(item.get("dst").text());
    if (item.get("from").present()) {
      words.add("from " + item.get("from").text());
    }
    boolean several = item.get("nexthops").present();
    if (!several) {
      hops.forEach(hop -> words.add(way(hop)));
    }
    if (item.get("protocol").present()) {
      words.add("proto " + item.get("protocol").text());
    }
    for (String name : MORE) {
      if (item.get(name).present()) {
        words.add((name.equals("prefsrc") ? "src" : name) + " " + item.get(name).text());
      }
    }
    for (Json metrics : item.get("metrics").items()) {
      metrics.names().forEach(name -> words.add(name + " " + metrics.get(name).text()));
    }
    words.addAll(item.get("flags").texts());
    if (several) {
      hops.forEach(hop -> words.add("nexthop " + way(hop)));
    }
    return String.join(" ", words);
  }

  /** Returns the words that a change of a route with one way repeats; all but the MTU. */
  static List<String> kept(Json item, Route.Hop hop) {
    List<String> words = new ArrayList<>();
    if (hop.gateway() != null) {
      words.add("via");
      if (hop.gateway().indexOf(':') >= 0) {
        words.add("inet6");
      }
      words.add(hop.gateway());
    }
    words.addAll(List.of("dev", hop.device()));
    if (item.get("flags").texts().contains("onlink")) {
      words.add("onlink");
    }
    KEPT.forEach((name, word) -> {
      if (item.get(name).present()) {
        words.addAll(List.of(word, item.get(name).text()));
      }
    });
    for (Json metrics : item.get("metrics").items()) {
      for (String name : metrics.names()) {
        if (!name.equals("mtu")) {
          words.addAll(List.of(name, metrics.get(name).text()));
        }
      }
    }
    return List.copyOf(words);
  }

  private static String way(Route.Hop hop) {
    String device = "dev " + hop.device();
    return hop.gateway() == null ? device : "via " + hop.gateway() + " " + device;
  }
}
