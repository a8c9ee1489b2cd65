package dropsite.analyze.stack;

/** What a frame is in its stack. */
public enum Standing {
  /** One of the calls that led here. */
  CALL,

  /** Machinery of the probe, not of what was probed. */
  HIDDEN,

  /**
   * Marked by the unwinder as maybe left over from an earlier call; call sites do not confirm it.
   */
  UNRELIABLE,

  /** Marked by the unwinder, but the call sites around it say that it is one of the calls. */
  PROMOTED,

  /** Not recorded: call sites say that it was one of the calls. */
  ELIDED
}
