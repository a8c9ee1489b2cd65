package dropsite.facts;

import dropsite.bytes.ByteSink;
import dropsite.symbols.CodeFacts;
import dropsite.symbols.ConstantArgument;
import dropsite.symbols.Numbers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the record of one region. References hold the numbers that names, arguments and lists had
 * when they were first met; {@link #references} says where they stand, so that they can be given
 * their places in the file once all are known.
 */
final class RegionEncoder {
  /** Kinds of references: to the string table, the table of arguments, the lists of call sites. */
  static final int STRING = 0;

  static final int ARGUMENT = 1;
  static final int CALL_SITES = 2;

  private final Numbers<String> strings;
  private final Numbers<ConstantArgument> arguments;
  private final ByteSink out = new ByteSink();
  private int[] references = new int[4];
  private int referenceCount;

  RegionEncoder(Numbers<String> strings, Numbers<ConstantArgument> arguments) {
    this.strings = strings;
    this.arguments = arguments;
  }

  /**
   * An encoded region.
   *
   * @param references position and kind of each, as {@link RegionEncoder#position} and {@link
   *     RegionEncoder#kind} tell
   */
  @SuppressWarnings("ArrayRecordComponent") // Millions of bytes, compared by nobody.
  record Encoded(long low, byte[] bytes, int[] references) {}

  static int position(int reference) {
    return reference >>> 2;
  }

  static int kind(int reference) {
    return reference & 3;
  }

  Encoded encode(CodeFacts facts) {
    int flags = RegionFormat.code(facts.named());
    flags |= facts.function() == null ? 0 : RegionFormat.HAS_FUNCTION;
    flags |= facts.callSites() < 0 ? 0 : RegionFormat.HAS_CALL_SITES;
    flags |= facts.positions().isEmpty() ? 0 : RegionFormat.HAS_POSITIONS;
    flags |= facts.calls().isEmpty() ? 0 : RegionFormat.HAS_CALLS;
    flags |= facts.constants().isEmpty() ? 0 : RegionFormat.HAS_CONSTANTS;
    out.u8(flags);
    out.uleb(facts.high() - facts.low());
    if (facts.function() != null) {
      string(facts.function());
    }
    if (facts.callSites() >= 0) {
      reference(CALL_SITES, facts.callSites());
    }
    if (!facts.positions().isEmpty()) {
      positions(facts);
    }
    if (!facts.calls().isEmpty()) {
      out.uleb(facts.calls().size());
      for (CodeFacts.Call call : facts.calls()) {
        out.uleb(call.depth());
        range(facts.low(), call.low(), call.high());
        place(call.column(), call.discriminator());
      }
    }
    for (CodeFacts.Constant constant : facts.constants()) {
      out.uleb(constant.depth());
      range(facts.low(), constant.low(), constant.high());
      reference(ARGUMENT, arguments.of(constant.argument()));
    }
    return new Encoded(facts.low(), out.toArray(), Arrays.copyOf(references, referenceCount));
  }

  private void positions(CodeFacts facts) {
    boolean withSource = facts.named() == CodeFacts.Naming.NOTHING;
    out.uleb(facts.positions().size());
    long at = facts.low();
    for (CodeFacts.Position position : facts.positions()) {
      out.uleb(position.address() - at);
      at = position.address();
      place(position.column(), position.discriminator());
      if (withSource) {
        out.uleb(Integer.toUnsignedLong(position.line()) << 1 | (position.known() ? 1 : 0));
        string(position.file());
      }
    }
  }

  private void range(long base, long low, long high) {
    out.uleb(low - base);
    out.uleb(high - low);
  }

  private void place(int column, int discriminator) {
    out.uleb(Integer.toUnsignedLong(column) << 1 | (discriminator == 0 ? 0 : 1));
    if (discriminator != 0) {
      out.uleb(Integer.toUnsignedLong(discriminator));
    }
  }

  private void string(@Nullable String string) {
    if (string == null) {
      out.u32(RegionFormat.NO_STRING);
    } else {
      reference(STRING, strings.of(string));
    }
  }

  private void reference(int kind, int number) {
    if (referenceCount == references.length) {
      references = Arrays.copyOf(references, referenceCount * 2);
    }
    references[referenceCount++] = out.size() << 2 | kind;
    out.u32(number);
  }
}
