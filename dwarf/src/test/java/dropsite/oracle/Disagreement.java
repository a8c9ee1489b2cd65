package dropsite.oracle;

import java.util.List;

/**
 * An address about which an oracle and we say different things.
 *
 * @param buildId of the file, lower-case hex
 * @param file its name
 * @param query the address
 * @param oracle the oracle's name
 * @param kind the first thing that differs
 */
record Disagreement(
    String buildId,
    String file,
    Query query,
    String oracle,
    Kind kind,
    List<Chain.Link> ours,
    Chain theirs) {

  /** What differs, the gravest first. */
  enum Kind {
    DEPTH,
    FUNCTION,
    FILE,
    LINE,
    COLUMN,
    SYMBOL
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(kind).append(' ').append(oracle).append(' ').append(file).append(' ');
    text.append(query).append(" build-id ").append(buildId);
    ours.forEach(link -> text.append("\n    ours   ").append(link));
    theirs.links().forEach(link -> text.append("\n    theirs ").append(link));
    if (theirs.symbol() != null) {
      text.append("\n    theirs symbol ").append(theirs.symbol());
    }
    return text.toString();
  }
}
