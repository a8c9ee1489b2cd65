package dropsite.analyze.network;

/**
 * How far a counter moved while recording.
 *
 * @param name that the box's tools give it
 */
record Movement(String name, long before, long after) {
  long delta() {
    return after - before;
  }

  String inWords() {
    return name.replace('.', ' ') + " moved from " + before + " to " + after;
  }
}
