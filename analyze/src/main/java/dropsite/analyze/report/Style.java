package dropsite.analyze.report;

/** How a piece of text stands out on a terminal (ECMA-48, select graphic rendition). */
enum Style {
  PLAIN(""),
  STRONG("1"),
  DIM("2"),
  /** A packet was lost. */
  LOSS("1;31"),
  /** It cannot be told. */
  DOUBT("33"),
  /** Nothing was lost. */
  CALM("32"),
  COMMAND("36");

  private final String rendition;

  Style(String rendition) {
    this.rendition = rendition;
  }

  /** Returns a text with what makes a terminal show it so. */
  String on(String text) {
    return rendition.isEmpty() ? text : "\u001b[" + rendition + "m" + text + "\u001b[0m";
  }
}
