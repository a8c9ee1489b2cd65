package dropsite.gsym;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.ByteSink;
import dropsite.symbols.CallSite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call sites of one function ({@code llvm/DebugInfo/GSYM/CallSiteInfo.h}): a count, then for
 * each site its return address as a 64-bit offset from the function's start, a byte of flags, a
 * count of patterns and the patterns' offsets in the string table. A pattern is a regular
 * expression that the names of possible callees match.
 */
final class CallSiteList {
  private static final int SMALLEST_SITE_BYTES = 13;

  /** Whether a call stays in the image or leaves it; debugging information does not say. */
  private static final int NO_FLAGS = 0;

  /** No function calls that many names; a few bytes of damage must not make gigabytes of them. */
  private static final int MAX_PATTERN_CHARS = 1 << 22;

  private final ByteCursor cursor;
  private final StringTable strings;

  /** Callee by offset of its pattern. */
  private final Map<Long, Optional<String>> callees = new HashMap<>();

  private int patternChars;

  private CallSiteList(ByteCursor cursor, StringTable strings) {
    this.cursor = cursor;
    this.strings = strings;
  }

  /**
   * Decodes a list.
   *
   * @param cursor over the encoded list
   * @param function whose it is
   * @return by ascending return address
   */
  static List<CallSite> decode(ByteCursor cursor, FunctionInfo function, StringTable strings) {
    return new CallSiteList(cursor, strings).decode(function);
  }

  private List<CallSite> decode(FunctionInfo function) {
    long count = count("call sites", SMALLEST_SITE_BYTES);
    List<CallSite> sites = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long offset = cursor.u64();
      if (Long.compareUnsigned(offset, function.sizeBytes()) > 0) {
        throw cursor.malformed(
            "call returns to 0x"
                + Long.toHexString(offset)
                + " of a function of "
                + function.sizeBytes()
                + " bytes");
      }
      cursor.skip(Byte.BYTES); // Flags.
      sites.add(new CallSite(function.start() + offset, callee(), false));
    }
    sites.sort((left, right) -> Long.compareUnsigned(left.returnAddress(), right.returnAddress()));
    return List.copyOf(sites);
  }

  /** Returns the only name that the patterns of a site allow; null when there is not just one. */
  private @Nullable String callee() {
    long patterns = count("patterns", Integer.BYTES);
    if (patterns != 1) {
      cursor.skip(patterns * Integer.BYTES);
      return null;
    }
    return callees.computeIfAbsent(cursor.u32(), this::named).orElse(null);
  }

  private Optional<String> named(long offset) {
    String pattern = strings.at(offset);
    patternChars += pattern.length();
    if (patternChars > MAX_PATTERN_CHARS) {
      throw cursor.malformed(
          "patterns of more than " + MAX_PATTERN_CHARS + " characters in one function");
    }
    return Optional.ofNullable(ExactPattern.name(pattern));
  }

  private long count(String what, int smallestBytes) {
    long count = cursor.u32();
    if (count > cursor.remaining() / smallestBytes) {
      throw cursor.malformed(count + " " + what + " in " + cursor.remaining() + " bytes");
    }
    return count;
  }

  /**
   * Encodes a list.
   *
   * @param low address of the function
   * @param into where the list is added
   */
  static void encode(List<CallSite> sites, long low, EncodedRegion into, StringPool strings) {
    ByteSink out = into.out();
    out.u32(sites.size());
    for (CallSite site : sites) {
      out.u64(site.returnAddress() - low);
      out.u8(NO_FLAGS);
      if (site.callee() == null) {
        out.u32(0);
      } else {
        out.u32(1);
        into.string(strings.number(ExactPattern.of(site.callee())));
      }
    }
  }
}
