package dropsite.capture.tracefs;

import dropsite.capture.DropFilter;
import dropsite.capture.filter.DropMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of a filter the kernel can check before it records (Documentation/trace/events.rst): it may
 * let through too much, never too little; {@link DropMatcher} looks again.
 */
final class KernelFilter {
  /** What needs no quoting in the kernel's language, and cannot end a string. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.:@-]{1,15}");

  private final DropFilter filter;
  private final EventFormat format;
  private final List<String> conditions = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  private KernelFilter(DropFilter filter, EventFormat format) {
    this.filter = filter;
    this.format = format;
  }

  /** Makes one for an event with these fields. */
  static KernelFilter of(DropFilter filter, EventFormat format) {
    KernelFilter result = new KernelFilter(filter, format);
    result.build();
    return result;
  }

  /** Returns the text for the event's {@code filter} file; empty when nothing can be checked. */
  Optional<String> text() {
    return conditions.isEmpty() ? Optional.empty() : Optional.of(String.join(" && ", conditions));
  }

  /** Returns what the kernel cannot check, in words. */
  List<String> left() {
    return List.copyOf(left);
  }

  private void build() {
    names("task name", filter.comms(), List.of("comm"), true);
    numbers("drop reason", filter.reasons(), List.of("reason"));
    numbers("network protocol", filter.ethertypes(), List.of("protocol"));
    numbers(
        "network namespace",
        filter.netns(),
        Stream.of("dev_netns", "sk_netns", "rx_sk_netns").filter(this::has).toList());
    names("interface", filter.interfaces(), List.of("dev_name"), has("dev_name"));
    leave("process", filter.pids());
    leave("transport protocol", filter.protocols());
    leave("address", filter.addresses());
    leave("port", filter.ports());
    leave("expression", Optional.ofNullable(filter.expression()).stream().toList());
  }

  private boolean has(String field) {
    return format.fields().containsKey(field);
  }

  private void numbers(String what, List<?> values, List<String> fields) {
    if (fields.isEmpty() || !fields.stream().allMatch(this::has)) {
      leave(what, values);
    } else {
      any(fields, values, value -> "==" + value);
    }
  }

  private void names(String what, List<String> values, List<String> fields, boolean known) {
    if (!known || !values.stream().allMatch(value -> PLAIN.matcher(value).matches())) {
      leave(what, values);
    } else {
      any(fields, values, value -> "==\"" + value + "\"");
    }
  }

  private <T> void any(List<String> fields, List<T> values, Function<T, String> comparison) {
    if (!values.isEmpty()) {
      conditions.add(
          fields.stream()
              .flatMap(field -> values.stream().map(value -> field + comparison.apply(value)))
              .collect(Collectors.joining(" || ", "(", ")")));
    }
  }

  private void leave(String what, List<?> values) {
    if (!values.isEmpty()) {
      left.add(what);
    }
  }
}
