package dropsite.dwarf;

/** The DWARF sections that this reader reads, under the names of their plain files. */
enum Section {
  INFO(".debug_info"),
  TYPES(".debug_types"),
  ABBREV(".debug_abbrev"),
  LINE(".debug_line"),
  STR(".debug_str"),
  LINE_STR(".debug_line_str"),
  STR_OFFSETS(".debug_str_offsets"),
  ADDR(".debug_addr"),
  ARANGES(".debug_aranges"),
  RANGES(".debug_ranges"),
  RNGLISTS(".debug_rnglists"),
  LOC(".debug_loc"),
  LOCLISTS(".debug_loclists"),
  CU_INDEX(".debug_cu_index"),
  TU_INDEX(".debug_tu_index");

  private final String elfName;

  Section(String elfName) {
    this.elfName = elfName;
  }

  String elfName(boolean split) {
    boolean index = this == CU_INDEX || this == TU_INDEX;
    return split && !index ? elfName + ".dwo" : elfName;
  }
}
