package dropsite.analyze.network;

import java.util.List;

/**
 * An entry of the neighbour table (ARP, ND), as {@code ip neigh} prints it.
 *
 * @param address of the neighbour
 * @param linkAddress empty when not known
 * @param states {@code REACHABLE}, {@code FAILED}, …
 */
record Neighbour(String address, String device, String linkAddress, List<String> states) {
  private static final List<String> UNANSWERED = List.of("FAILED", "INCOMPLETE");

  static Neighbour of(Json item) {
    return new Neighbour(
        item.get("dst").text(),
        item.get("dev").text(),
        item.get("lladdr").text(),
        item.get("state").texts());
  }

  /** Returns whether nobody has answered to that address. */
  boolean unanswered() {
    return states.stream().anyMatch(UNANSWERED::contains);
  }

  String text() {
    return address
        + " dev "
        + device
        + (linkAddress.isEmpty() ? "" : " lladdr " + linkAddress)
        + " "
        + String.join(",", states);
  }
}
