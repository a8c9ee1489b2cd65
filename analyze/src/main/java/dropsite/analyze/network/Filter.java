package dropsite.analyze.network;

import java.util.ArrayList;
import java.util.List;

/**
 * A tc filter with one of its actions, as {@code tc -s filter} prints it.
 *
 * @param device that it hangs on
 * @param place {@code ingress}, {@code egress}, or {@code parent 1:}
 * @param preference lower ones are asked first
 * @param handle empty when not printed
 * @param drops how many packets the action has dropped so far; -1 when nothing counts
 * @param program of BPF, when it decides itself; empty otherwise
 * @param options as tc printed them
 * @param text as the box prints it
 */
record Filter(
    String device,
    String place,
    String protocol,
    String preference,
    String kind,
    String handle,
    int action,
    long drops,
    String program,
    Json options,
    String text) {

  /**
   * Reads an item of {@code tc -s -j filter show}.
   *
   * @param device asked for
   * @param place asked for
   * @return one for each action, or one for a program that decides itself
   */
  static List<Filter> of(Json item, String device, String place) {
    Json options = item.get("options");
    List<Filter> filters = new ArrayList<>();
    int number = 0;
    for (Json action : options.get("actions").items()) {
      number++;
      String verdict = action.get("control_action").get("type").text();
      filters.add(
          filter(
              item,
              device,
              place,
              number,
              action.get("stats").get("drops").number(-1),
              "",
              " action " + action.get("kind").text() + (verdict.isEmpty() ? "" : " " + verdict)));
    }
    if (options.has("direct-action")) {
      Json program = options.get("prog");
      filters.add(
          filter(
              item,
              device,
              place,
              0,
              -1,
              (program.get("name").text() + " id " + program.get("id").text()).strip(),
              " direct-action"));
    }
    return filters;
  }

  private static Filter filter(
      Json item, String device, String place, int action, long drops, String program, String end) {
    Json options = item.get("options");
    String handle =
        options.get("fh").present() ? options.get("fh").text() : options.get("handle").text();
    StringBuilder text =
        new StringBuilder("filter dev ")
            .append(device)
            .append(' ')
            .append(place)
            .append(" protocol ")
            .append(item.get("protocol").text())
            .append(" pref ")
            .append(item.get("pref").text())
            .append(' ')
            .append(item.get("kind").text());
    if (!handle.isEmpty()) {
      text.append(options.get("fh").present() ? " fh " : " handle ").append(handle);
    }
    Json keys = options.get("keys");
    for (String key : keys.names()) {
      text.append(' ').append(key).append(' ').append(keys.get(key).text());
    }
    Json match = options.get("match");
    if (match.present()) {
      text.append(" match ").append(match.get("value").text()).append('/');
      text.append(match.get("mask").text()).append(" at ").append(match.get("off").text());
    }
    if (options.get("bpf_name").present()) {
      text.append(' ').append(options.get("bpf_name").text());
    }
    return new Filter(
        device,
        place,
        item.get("protocol").text(),
        item.get("pref").text(),
        item.get("kind").text(),
        handle,
        action,
        drops,
        program,
        options,
        text.append(end).toString());
  }

  /** Returns what stays the same between two snapshots. */
  List<String> identity() {
    return List.of(
        device, place, protocol, preference, kind, handle, Integer.toString(action), program);
  }
}
