package dropsite.analyze.network;

import java.util.ArrayList;
import java.util.List;

/**
 * A queueing discipline, as {@code tc -s qdisc} prints it.
 *
 * @param handle such as {@code 8001:}
 * @param parent empty for that of the device itself
 * @param drops how many packets it has dropped so far
 * @param text as the box prints it
 * @param losesOnPurpose whether it is set up to lose packets (netem loss)
 */
record Qdisc(
    String kind,
    String handle,
    String device,
    String parent,
    long drops,
    String text,
    boolean losesOnPurpose) {

  static Qdisc of(Json item) {
    Json options = item.get("options");
    List<String> words = new ArrayList<>();
    words.add("qdisc " + item.get("kind").text() + " " + item.get("handle").text());
    words.add("dev " + item.get("dev").text());
    String parent = item.get("parent").text();
    words.add(parent.isEmpty() ? "root" : "parent " + parent);
    for (String name : options.names()) {
      Json option = options.get(name);
      if (!option.text().isEmpty()) {
        words.add(name + " " + option.text());
      }
    }
    Json loss = options.get("loss-random").get("loss");
    if (loss.present()) {
      words.add("loss " + percent(loss.text()));
    }
    return new Qdisc(
        item.get("kind").text(),
        item.get("handle").text(),
        item.get("dev").text(),
        parent,
        item.get("drops").number(0),
        String.join(" ", words),
        options.names().stream().anyMatch(name -> name.startsWith("loss-")));
  }

  /** tc prints a part of one where people say percent. */
  private static String percent(String part) {
    try {
      double percent = Double.parseDouble(part) * 100;
      return percent == Math.rint(percent) ? (long) percent + "%" : percent + "%";
    } catch (NumberFormatException e) {
      return part;
    }
  }

  /** Returns what stays the same between two snapshots. */
  List<String> identity() {
    return List.of(device, kind, handle, parent);
  }

  /** Returns whether it hangs below another one. */
  boolean isBelow(Qdisc other) {
    return !parent.isEmpty()
        && device.equals(other.device)
        && other.handle.length() > 1
        && parent.startsWith(other.handle);
  }
}
