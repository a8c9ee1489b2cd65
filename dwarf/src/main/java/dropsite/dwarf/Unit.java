package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.symbols.CodeRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One unit of .debug_info or .debug_types: its header, its root DIE, and what has been read of its
 * functions and lines so far.
 */
final class Unit {
  private static final int NAME_WEIGHT_BYTES = 120;

  private final DwarfObject object;
  private final Sections sections;
  private final Bytes info;
  private final UnitHeader header;
  private final @Nullable Unit skeleton;
  private final Abbreviations abbreviations;
  private final Map<Long, InlineTree> inlineTrees = new HashMap<>();
  private final Map<Long, Optional<String>> names = new HashMap<>();

  // From the root DIE; the bases first, since other attributes are read through them.
  private final long strOffsetsBase;
  private final long addrBase;
  private final long rngListsBase;
  private final long locListsBase;
  private final long gnuRangesBase;
  private final long lowPc;
  private final Die root;

  private volatile @Nullable ByteCursor held;
  private volatile @Nullable FunctionRanges functions;
  private @Nullable FunctionRanges nestedFunctions;
  private volatile @Nullable LineTable lines;
  private volatile @Nullable Unit withDies;

  /** Of what has been read so far; a rough number, so that threads need not agree on it. */
  private volatile long weightBytes = 1024;

  /** For the object that keeps this unit: when it was asked last, and how heavy it was then. */
  volatile long lastUse;

  volatile long notedWeightBytes;

  /**
   * @param sections where this unit's data is; for a split unit its own, not the skeleton's
   * @param home the section that the header's offsets count in
   * @param skeleton of a split unit; else null
   */
  Unit(
      DwarfObject object,
      Sections sections,
      Section home,
      UnitHeader header,
      @Nullable Unit skeleton) {
    this.object = object;
    this.sections = sections;
    this.info = sections.get(home);
    this.header = header;
    this.skeleton = skeleton;
    this.abbreviations =
        new Abbreviations(
            sections.get(Section.ABBREV).cursor(header.abbreviationsOffset()), header.encoding());
    this.root = new Die(this, header.rootOffset());
    if (!root.next()) {
      throw info().malformed(header.rootOffset(), "unit without a root DIE");
    }
    root.read();
    this.strOffsetsBase = base(Dw.AT_STR_OFFSETS_BASE, defaultStrOffsetsBase());
    this.addrBase = base(Dw.AT_ADDR_BASE, base(Dw.AT_GNU_ADDR_BASE, tableHeaderSize()));
    this.rngListsBase = base(Dw.AT_RNGLISTS_BASE, listsHeaderSize());
    this.locListsBase = base(Dw.AT_LOCLISTS_BASE, listsHeaderSize());
    this.gnuRangesBase = skeleton == null ? 0 : skeleton.base(Dw.AT_GNU_RANGES_BASE, 0);
    Die.Value low = root.value(Dw.AT_LOW_PC);
    if (low != null) {
      this.lowPc = address(low);
    } else {
      this.lowPc = skeleton == null ? 0 : skeleton.lowPc();
    }
  }

  private long base(int attribute, long otherwise) {
    Die.Value value = root.value(attribute);
    return value == null ? otherwise : value.raw();
  }

  /** DWARF 5 split units have no base attribute: their offsets start behind the header. */
  private long defaultStrOffsetsBase() {
    return header.encoding().version() >= 5 ? tableHeaderSize() : 0;
  }

  /** Size of the header of .debug_str_offsets and .debug_addr (DWARF 5 §7.26, §7.27). */
  private long tableHeaderSize() {
    if (header.encoding().version() < 5) {
      return 0;
    }
    return header.encoding().dwarf64() ? 16 : 8;
  }

  /** Size of the header of .debug_rnglists and .debug_loclists (DWARF 5 §7.28, §7.29). */
  private long listsHeaderSize() {
    return header.encoding().dwarf64() ? 20 : 12;
  }

  UnitHeader header() {
    return header;
  }

  DwarfObject object() {
    return object;
  }

  Sections sections() {
    return sections;
  }

  /** Returns the sections of the linked file, where addresses and DWARF 4 ranges are. */
  Sections addressSections() {
    return skeleton == null ? sections : skeleton.sections;
  }

  Bytes info() {
    return info;
  }

  Abbreviations abbreviations() {
    return abbreviations;
  }

  /** Returns the root DIE, already read. */
  Die root() {
    return root;
  }

  long lowPc() {
    return lowPc;
  }

  long gnuRangesBase() {
    return gnuRangesBase;
  }

  /** Takes the whole unit to the heap, for walks over many of its DIEs. */
  synchronized void hold() {
    if (held == null) {
      ByteCursor whole = ByteCursor.holding(info, header.offset(), header.end());
      byte[] bytes = whole.held();
      weightBytes += bytes == null ? 0 : bytes.length;
      held = whole;
    }
  }

  /** Returns the bytes of the unit, from its header on, if it is held; else null. */
  byte @Nullable [] heldBytes() {
    ByteCursor whole = held;
    return whole == null ? null : whole.held();
  }

  /** Returns a cursor at an offset of the unit's section that ends with the unit. */
  ByteCursor cursorAt(long offset) {
    ByteCursor whole = held;
    return whole == null ? new ByteCursor(info, offset, header.end()) : whole.startingAt(offset);
  }

  /** Returns a new walk that starts at a DIE of this unit. */
  Die dieAt(long offset) {
    if (offset < header.rootOffset() || offset >= header.end()) {
      throw info()
          .malformed(offset, "no DIE of the unit at 0x" + Long.toHexString(header.offset()));
    }
    return new Die(this, offset);
  }

  /** Returns a new walk over the children of the root DIE. */
  Die children() {
    hold();
    Die die = dieAt(header.rootOffset());
    die.next();
    die.skipAttributes();
    return die;
  }

  // ---- values

  /** Returns the link-time address that a value of class address or addrx gives. */
  long address(Die.Value value) {
    return switch (value.form()) {
      case Dw.FORM_ADDRX,
          Dw.FORM_ADDRX1,
          Dw.FORM_ADDRX2,
          Dw.FORM_ADDRX3,
          Dw.FORM_ADDRX4,
          Dw.FORM_GNU_ADDR_INDEX ->
          addressAt(value.raw());
      case Dw.FORM_LLVM_ADDRX_OFFSET -> {
        ByteCursor cursor = info.cursor(value.raw());
        yield addressAt(cursor.uleb()) + cursor.u32();
      }
      default -> value.raw();
    };
  }

  /** Returns an entry of this unit's part of .debug_addr. */
  long addressAt(long index) {
    Unit owner = skeleton == null ? this : skeleton;
    int size = header.encoding().addressSizeBytes();
    Bytes table = owner.sections.get(Section.ADDR);
    return table.unsignedAt(indexed(table, owner.addrBase, index, size), size);
  }

  private static long indexed(Bytes table, long base, long index, int entrySizeBytes) {
    if (index < 0 || index > table.sizeBytes() / entrySizeBytes) {
      throw table.malformed(base, "index " + Long.toUnsignedString(index) + " lies outside");
    }
    return base + index * entrySizeBytes;
  }

  /** Returns whether an address is where linkers leave code that they threw away. */
  boolean deadAddress(long address) {
    return Long.compareUnsigned(address, 1) <= 0 && !object.addressSpace().executableAt(address);
  }

  /** Returns the offset in .debug_rnglists that a DW_AT_ranges of DWARF 5 gives. */
  long rangeListOffset(Die.Value value) {
    return value.form() == Dw.FORM_RNGLISTX
        ? listOffset(Section.RNGLISTS, rngListsBase, value.raw())
        : value.raw();
  }

  /** Returns the offset in .debug_loclists that a location attribute of DWARF 5 gives. */
  long locationListOffset(Die.Value value) {
    return value.form() == Dw.FORM_LOCLISTX
        ? listOffset(Section.LOCLISTS, locListsBase, value.raw())
        : value.raw();
  }

  private long listOffset(Section section, long base, long index) {
    int size = header.encoding().offsetSizeBytes();
    Bytes table = sections.get(section);
    return base + table.unsignedAt(indexed(table, base, index, size), size);
  }

  /** Returns the string that a value of class string gives; null when its section is missing. */
  @Nullable String string(Die.Value value) {
    return switch (value.form()) {
      case Dw.FORM_STRING -> info().stringAt(value.raw());
      case Dw.FORM_STRP -> sections.get(Section.STR).stringAt(value.raw());
      case Dw.FORM_LINE_STRP -> sections.get(Section.LINE_STR).stringAt(value.raw());
      case Dw.FORM_STRX,
          Dw.FORM_STRX1,
          Dw.FORM_STRX2,
          Dw.FORM_STRX3,
          Dw.FORM_STRX4,
          Dw.FORM_GNU_STR_INDEX ->
          indexedString(value.raw());
      case Dw.FORM_STRP_SUP, Dw.FORM_GNU_STRP_ALT -> supplementString(value.raw());
      default -> null;
    };
  }

  private @Nullable String supplementString(long offset) {
    DwarfObject supplement = object.supplement();
    return supplement == null ? null : supplement.sections().get(Section.STR).stringAt(offset);
  }

  private String indexedString(long index) {
    int size = header.encoding().offsetSizeBytes();
    Bytes table = sections.get(Section.STR_OFFSETS);
    long offset = table.unsignedAt(indexed(table, strOffsetsBase, index, size), size);
    return sections.get(Section.STR).stringAt(offset);
  }

  /** Returns a string attribute of the root DIE, or of the skeleton's; null when there is none. */
  @Nullable String rootString(int attribute) {
    Die.Value value = root.value(attribute);
    if (value != null) {
      return string(value);
    }
    return skeleton == null ? null : skeleton.rootString(attribute);
  }

  /** Returns the DIE that a value of class reference points to; null when its file is missing. */
  @Nullable DieReference reference(Die.Value value) {
    return switch (value.form()) {
      case Dw.FORM_REF1, Dw.FORM_REF2, Dw.FORM_REF4, Dw.FORM_REF8, Dw.FORM_REF_UDATA ->
          new DieReference(this, header.offset() + value.raw());
      case Dw.FORM_REF_ADDR -> object.reference(this, value.raw());
      case Dw.FORM_REF_SIG8 -> object.typeUnit(value.raw());
      case Dw.FORM_REF_SUP4, Dw.FORM_REF_SUP8, Dw.FORM_GNU_REF_ALT ->
          supplementReference(value.raw());
      default -> null;
    };
  }

  private @Nullable DieReference supplementReference(long offset) {
    DwarfObject supplement = object.supplement();
    return supplement == null ? null : supplement.reference(null, offset);
  }

  /** Returns the name of the function that a DIE is or stands for; null when it has none. */
  @Nullable String functionName(long dieOffset) {
    synchronized (names) {
      Optional<String> known = names.get(dieOffset);
      if (known == null) {
        known = Optional.ofNullable(Names.ofFunction(new DieReference(this, dieOffset)));
        names.put(dieOffset, known);
        weightBytes += NAME_WEIGHT_BYTES;
      }
      return known.orElse(null);
    }
  }

  // ---- what lookups need, read once

  /** Returns the split unit that has the DIEs of this skeleton; this unit itself otherwise. */
  Unit withDies() {
    Unit known = withDies;
    return known == null ? findDies() : known;
  }

  private synchronized Unit findDies() {
    Unit known = withDies;
    if (known == null) {
      known = SplitUnits.find(this).orElse(this);
      withDies = known;
    }
    return known;
  }

  /** Returns the line table, which of a split unit is the skeleton's. */
  LineTable lines() {
    LineTable known = lines;
    return known == null ? readLines() : known;
  }

  private synchronized LineTable readLines() {
    LineTable known = lines;
    if (known == null) {
      if (skeleton != null) {
        return skeleton.lines();
      }
      Die.Value offset = root.value(Dw.AT_STMT_LIST);
      known = offset == null ? LineTable.EMPTY : LineProgram.read(this, offset.raw());
      weightBytes += known.weightBytes();
      lines = known;
    }
    return known;
  }

  /**
   * Returns the offset of the function DIE that covers an address, or a negative number.
   *
   * @param nested whether functions within functions are worth a walk over all DIEs
   */
  long functionAt(long linkAddress, boolean nested) {
    FunctionRanges outermost = functions;
    long found = (outermost == null ? functions() : outermost).at(linkAddress);
    return found >= 0 || !nested ? found : nestedFunctions().at(linkAddress);
  }

  /**
   * Returns the code of this unit's functions and lines, for a unit that does not say it itself.
   */
  CodeRanges codeOfSilentUnit() {
    CodeRanges code = new CodeRanges();
    List<CodeRegion.Range> functionRanges = new ArrayList<>();
    functions().forEach((low, high, die) -> functionRanges.add(new CodeRegion.Range(low, high)));
    code.addAll(functionRanges);
    code.addAll(lines().sequences());
    return code;
  }

  /** Returns the addresses at which functions begin and end, ascending. */
  long[] functionBounds() {
    LongStream.Builder bounds = LongStream.builder();
    functions().forEachBound(bounds::add);
    // Unsigned order is signed order with the highest bit turned.
    return bounds
        .build()
        .map(bound -> bound ^ Long.MIN_VALUE)
        .sorted()
        .map(bound -> bound ^ Long.MIN_VALUE)
        .toArray();
  }

  private synchronized FunctionRanges functions() {
    if (functions == null) {
      functions = FunctionRanges.outermost(this);
      weightBytes += functions.weightBytes();
    }
    return functions;
  }

  private synchronized FunctionRanges nestedFunctions() {
    if (nestedFunctions == null) {
      nestedFunctions = FunctionRanges.all(this);
      weightBytes += nestedFunctions.weightBytes();
    }
    return nestedFunctions;
  }

  /** Returns the inlined subroutines of a function. */
  InlineTree inlineTree(long functionOffset) {
    synchronized (inlineTrees) {
      InlineTree known = inlineTrees.get(functionOffset);
      if (known == null) {
        known = InlineTree.read(this, functionOffset);
        inlineTrees.put(functionOffset, known);
        weightBytes += known.weightBytes();
      }
      return known;
    }
  }

  /** Returns about how many bytes of heap hang on this unit now. */
  long weightBytes() {
    Unit split = withDies;
    return weightBytes
        + abbreviations.weightBytes()
        + (split == null || split == this ? 0 : split.weightBytes());
  }
}
