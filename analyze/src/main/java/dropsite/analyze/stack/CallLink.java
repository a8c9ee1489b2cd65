package dropsite.analyze.stack;

import java.util.List;

/**
 * What lies between a frame and the one below it, as the call that returns to the lower one says.
 *
 * @param missing frames that have to stand between the two, innermost first
 * @param evidence a sentence; empty where there is nothing to say
 */
record CallLink(Kind kind, List<ResolvedFrame> missing, String evidence) {

  CallLink {
    missing = List.copyOf(missing);
  }

  static CallLink of(Kind kind) {
    return new CallLink(kind, List.of(), "");
  }

  /** How two frames go together. */
  enum Kind {
    /**
     * Nothing is known of the call: assembly, an interrupted function, no debugging information.
     */
    UNKNOWN,

    /** The call goes through a pointer: any function may be called. */
    INDIRECT,

    /** The call names the function above. */
    DIRECT,

    /** The call names another function, from which one way leads to the one above. */
    ELIDED,

    /** The call names another function, from which several ways lead to the one above. */
    SEVERAL,

    /** The call names another function, which may lead anywhere. */
    OPEN,

    /** The call names another function, which does not lead to the one above. */
    MISMATCH;

    /** Returns whether the call names another function than the one above. */
    boolean doubtful() {
      return compareTo(DIRECT) > 0;
    }
  }
}
