package dropsite.analyze.input;

import org.jspecify.annotations.Nullable;

/**
 * A drop reason as retis gives it: the kernel's own name, a subsystem's name before it where it is
 * not one of the core's, or a number where the kernel does not tell the name.
 *
 * @param number null when there is a name, and for numbers of a subsystem, which alone say little
 * @param name null when there is none
 */
record RetisReason(@Nullable Long number, @Nullable String name) {

  /** Reads {@code NO_SOCKET}, {@code openvswitch/LAST_ACTION}, {@code 17}, or nothing. */
  static RetisReason of(String text) {
    int slash = text.lastIndexOf('/');
    return of(slash < 0 ? null : text.substring(0, slash), text.substring(slash + 1));
  }

  /** Reads a reason, given apart from its subsystem, which is null for the core. */
  static RetisReason of(@Nullable String subsystem, String reason) {
    LineCursor cursor = LineCursor.of(reason);
    Long number = cursor.number();
    if (number != null && cursor.atEnd()) {
      return new RetisReason(subsystem == null ? number : null, null);
    }
    return new RetisReason(null, reason.isEmpty() ? null : reason);
  }

  /** Returns the reason and other facts of the same event. */
  EventFacts facts(@Nullable Long timeNanos, @Nullable String comm, @Nullable Long pid) {
    return new EventFacts(
        timeNanos,
        comm,
        pid == null ? null : pid.intValue(),
        null,
        null,
        number,
        name,
        null,
        null,
        null);
  }
}
