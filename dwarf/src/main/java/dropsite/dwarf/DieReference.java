package dropsite.dwarf;

/**
 * A DIE somewhere in the debugging information.
 *
 * @param unit that it belongs to
 * @param offset from the start of the unit's section, in bytes
 */
record DieReference(Unit unit, long offset) {

  /** Returns the DIE, read. */
  Die read() {
    Die die = unit.dieAt(offset);
    if (!die.next()) {
      throw unit.info().malformed(offset, "reference to a null entry");
    }
    die.read();
    return die;
  }
}
