package dropsite.facts;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.symbols.CallSite;
import dropsite.symbols.CodeFacts.Naming;
import dropsite.symbols.ConstantArgument;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar of a symbol file, mapped. Opening it reads it once for its checksum; a question then
 * searches the address table in place and decodes one record, which is kept.
 */
public final class FactsFile implements AutoCloseable {
  /** What is added to a symbol file's name to name its sidecar. */
  public static final String SUFFIX = ".facts";

  /** No name is longer; a damaged table must not turn each of its names into megabytes. */
  private static final int MAX_STRING_BYTES = 1 << 20;

  /** What a kernel needs twice over; when it is full, all is forgotten. */
  private static final long MAX_KNOWN_BYTES = 96L << 20;

  /** No compiler says that much of one stretch of code; damage must not be decoded. */
  private static final int MAX_REGION_BYTES = 1 << 22;

  private static final int LONGEST_KEPT = 512;

  private final Arena arena;
  private final FactsHeader header;
  private final Bytes addresses;
  private final Bytes regionPlaces;
  private final Bytes arguments;
  private final Bytes enumTable;
  private final Bytes enumLists;
  private final Bytes callSites;
  private final Bytes regions;
  private final Bytes strings;

  /** Regions met so far. Threads may write at the same time: what gets lost is made again. */
  private volatile Region @Nullable [] known;

  private final AtomicLong knownBytes = new AtomicLong();

  private FactsFile(Arena arena, Bytes file) {
    this.arena = arena;
    this.header = FactsHeader.read(file);
    if (header.regionCount() > Integer.MAX_VALUE) {
      throw file.malformed(32, header.regionCount() + " regions");
    }
    long at = FactsHeader.SIZE_BYTES;
    this.addresses = file.slice("address table", at, header.regionCount() * header.addressBytes());
    at += addresses.sizeBytes();
    this.regionPlaces = file.slice("region table", at, header.regionCount() * Integer.BYTES);
    at += regionPlaces.sizeBytes();
    this.arguments =
        file.slice("arguments", at, header.argumentCount() * RegionFormat.ARGUMENT_BYTES);
    at += arguments.sizeBytes();
    this.enumTable = file.slice("enum table", at, header.enumCount() * RegionFormat.ENUM_BYTES);
    at += enumTable.sizeBytes();
    this.enumLists = file.slice("enumerators", at, header.enumBytes());
    at += header.enumBytes();
    this.callSites = file.slice("call sites", at, header.callSiteBytes());
    at += header.callSiteBytes();
    this.regions = file.slice("regions", at, header.regionBytes());
    at += header.regionBytes();
    this.strings = file.slice("strings", at, header.stringBytes());
  }

  /**
   * Opens a file.
   *
   * @throws IOException when the file cannot be read
   * @throws dropsite.bytes.MalformedInputException when it is damaged, or of another version
   */
  public static FactsFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      Bytes bytes =
          new Bytes(
              path.toString(),
              "header",
              channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
              false);
      FactsFile file = new FactsFile(arena, bytes);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** Returns what the file belongs to. */
  public Origin origin() {
    return header.origin();
  }

  /** Returns the region that covers an address; null when nothing is recorded of it. */
  @Nullable Region regionAt(long linkAddress) {
    long wanted = linkAddress - header.baseAddress();
    int low = 0;
    int high = (int) header.regionCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(start(middle), wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return null;
    }
    Region region = region(low - 1);
    return region.covers(linkAddress) ? region : null;
  }

  private Region region(int index) {
    Region[] all = known;
    if (all == null) {
      all = new Region[(int) header.regionCount()];
      known = all;
    }
    Region region = all[index];
    if (region == null) {
      long place = place(index);
      long end = index + 1 < header.regionCount() ? place(index + 1) : regions.sizeBytes();
      if (end < place || end > regions.sizeBytes() || end - place > MAX_REGION_BYTES) {
        throw regionPlaces.malformed((long) index * Integer.BYTES, "the record has no room");
      }
      region = new Region(new ByteCursor(regions, place, end), start(index) + header.baseAddress());
      all[index] = region;
      if (knownBytes.addAndGet(region.memoryBytes()) > MAX_KNOWN_BYTES) {
        knownBytes.set(0);
        known = null;
      }
    }
    return region;
  }

  /** Returns the name of a region's function; null when it has none. */
  @Nullable String functionOf(Region region) {
    String name = region.functionName;
    if (name == null) {
      name = string(region.function());
      // Longer ones are damage, which must not fill the memory.
      region.functionName = name != null && name.length() <= LONGEST_KEPT ? name : null;
    }
    return name;
  }

  /** Returns whether nothing but the source itself can answer for an address. */
  boolean inexpressible(long linkAddress) {
    if (header.inexpressibleCount() == 0) {
      return false;
    }
    Region region = regionAt(linkAddress);
    return region != null && region.naming() == Naming.INEXPRESSIBLE;
  }

  private long start(int index) {
    return addresses.unsignedAt((long) index * header.addressBytes(), header.addressBytes());
  }

  private long place(int index) {
    return regionPlaces.unsignedAt((long) index * Integer.BYTES, Integer.BYTES);
  }

  /** Returns the string at a place; null for a negative place. */
  @Nullable String string(long place) {
    return place < 0 ? null : strings.stringAt(place, MAX_STRING_BYTES);
  }

  /** Returns an argument by its number. */
  ConstantArgument argument(long number) {
    ByteCursor cursor = arguments.cursor(number * RegionFormat.ARGUMENT_BYTES);
    String name = strings.stringAt(cursor.u32(), MAX_STRING_BYTES);
    int enumerator = cursor.s32();
    return new ConstantArgument(name, cursor.u64(), optional(enumerator));
  }

  private @Nullable String optional(int place) {
    return place == RegionFormat.NO_STRING ? null : string(Integer.toUnsignedLong(place));
  }

  /** Returns the call sites of the function that covers an address, by return address. */
  List<CallSite> callSites(long linkAddress) {
    Region region = regionAt(linkAddress);
    if (region == null || region.callSites() < 0) {
      return List.of();
    }
    List<CallSite> found = new ArrayList<>();
    ByteCursor cursor = callSites.cursor(region.callSites());
    long count = cursor.uleb();
    long last = header.baseAddress();
    for (long i = 0; i != count; i++) {
      last += cursor.sleb();
      boolean tailCall = cursor.u8() != 0;
      found.add(new CallSite(last, optional(cursor.s32()), tailCall));
    }
    return List.copyOf(found);
  }

  /** Returns the enumerators of an enum, in order of declaration; empty when it is not recorded. */
  Map<String, Long> enumerators(String enumName) {
    long low = 0;
    long high = header.enumCount();
    while (low < high) {
      long middle = (low + high) >>> 1;
      ByteCursor entry = enumTable.cursor(middle * RegionFormat.ENUM_BYTES);
      int order = strings.stringAt(entry.u32(), MAX_STRING_BYTES).compareTo(enumName);
      if (order == 0) {
        return list(enumLists.cursor(entry.u32()));
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Map.of();
  }

  private Map<String, Long> list(ByteCursor cursor) {
    Map<String, Long> found = new LinkedHashMap<>();
    long count = cursor.uleb();
    for (long i = 0; i != count; i++) {
      String name = strings.stringAt(cursor.u32(), MAX_STRING_BYTES);
      found.put(name, cursor.sleb());
    }
    return found;
  }

  @Override
  public void close() {
    arena.close();
  }
}
