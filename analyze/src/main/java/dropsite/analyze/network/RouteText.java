package dropsite.analyze.network;

import java.util.ArrayList;
import java.util.List;

/** Writes a route as {@code ip route} does. */
final class RouteText {
  private static final List<String> MORE =
      List.of("scope", "prefsrc", "tos", "metric", "error", "expires", "nhid");

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

  private static String way(Route.Hop hop) {
    String device = "dev " + hop.device();
    return hop.gateway() == null ? device : "via " + hop.gateway() + " " + device;
  }
}
