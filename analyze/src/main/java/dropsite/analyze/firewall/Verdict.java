package dropsite.analyze.firewall;

/**
 * What a rule does with a packet that it matches.
 *
 * @param kind of it
 * @param word what a person reads: the name of a target, of a chain, or why it is not sure
 */
record Verdict(Kind kind, String word) {

  /** Sorts of verdicts. */
  enum Kind {
    /** The packet is dropped, with or without an answer to its sender. */
    DROP,
    /** The packet has passed this base chain. */
    ACCEPT,
    /** The chain is left for the one that jumped to it. */
    RETURN,
    /** The next rule is asked. */
    CONTINUE,
    /** Another chain is run, then the next rule. */
    JUMP,
    /** Another chain is run in place of the rest of this one. */
    GOTO,
    /** A program decides, which may drop it; none is there, and it is dropped. */
    QUEUE,
    /** What it does is not known, or drops in some cases. */
    UNSURE
  }

  static Verdict of(Kind kind) {
    return new Verdict(kind, "");
  }
}
