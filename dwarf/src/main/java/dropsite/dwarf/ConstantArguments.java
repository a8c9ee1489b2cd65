package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.symbols.CodeRegion;
import dropsite.symbols.ConstantArgument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a function or inlined subroutine whose value at one address is a constant:
 * DW_AT_const_value, or a location that is nothing but a constant (DWARF 5 §2.6.1.1.3).
 */
final class ConstantArguments {
  private static final int OP_CONST1U = 0x08;
  private static final int OP_CONST1S = 0x09;
  private static final int OP_CONST2U = 0x0a;
  private static final int OP_CONST2S = 0x0b;
  private static final int OP_CONST4U = 0x0c;
  private static final int OP_CONST4S = 0x0d;
  private static final int OP_CONST8U = 0x0e;
  private static final int OP_CONST8S = 0x0f;
  private static final int OP_CONSTU = 0x10;
  private static final int OP_CONSTS = 0x11;
  private static final int OP_LIT0 = 0x30;
  private static final int OP_LIT31 = 0x4f;
  private static final int OP_STACK_VALUE = 0x9f;

  private final Unit unit;
  private final LocationLists lists;

  /** Parameters met before, by the DIE that names them. */
  private final Map<Long, Parameter> known = new HashMap<>();

  /** Bounds of the entries of the list being read: first address and one past the last, each. */
  private long[] entries = new long[32];

  ConstantArguments(Unit unit) {
    this.unit = unit;
    this.lists = new LocationLists(unit);
  }

  /** Returns the parameters of the function or inlined subroutine at a DIE, constant here. */
  List<ConstantArgument> of(long dieOffset, long linkAddress) {
    List<ConstantArgument> found = new ArrayList<>();
    forEachParameter(
        dieOffset,
        die -> {
          Die.Value list = list(die);
          OptionalLong value;
          if (list == null) {
            value = value(die);
          } else {
            ByteCursor expression = lists.expressionAt(list, linkAddress);
            value = expression == null ? OptionalLong.empty() : constantOf(expression);
          }
          value.ifPresent(number -> found.add(Parameter.of(unit, die).withValue(number)));
        });
    return found;
  }

  private void forEachParameter(long dieOffset, Consumer<Die> receiver) {
    unit.hold();
    Die die = unit.dieAt(dieOffset);
    if (!die.next()) {
      throw unit.info().malformed(dieOffset, "reference to a null entry");
    }
    die.skipAttributes();
    if (!die.hasChildren()) {
      return;
    }
    die.pass(Abbreviation.VALUED_PARAMETERS);
    while (!die.atEnd() && die.next()) {
      if (die.tag() == Dw.TAG_FORMAL_PARAMETER) {
        die.read();
        receiver.accept(die);
        die.skipChildren();
      } else {
        die.skipTree();
      }
      die.pass(Abbreviation.VALUED_PARAMETERS);
    }
  }

  /** Takes a parameter that has one value throughout a range of link-time addresses. */
  interface Receiver {
    void constant(long low, long high, ConstantArgument argument);
  }

  /**
   * Gives what {@link #of} returns at all addresses of some ranges, parameter by parameter.
   *
   * @param ranges ascending and apart
   */
  void forEach(long dieOffset, List<CodeRegion.Range> ranges, Receiver receiver) {
    forEachParameter(
        dieOffset,
        die -> {
          Die.Value list = list(die);
          if (list != null) {
            forEachInList(die, list, ranges, receiver);
            return;
          }
          OptionalLong value = value(die);
          if (value.isPresent()) {
            ConstantArgument argument = parameter(die).withValue(value.getAsLong());
            ranges.forEach(range -> receiver.constant(range.low(), range.high(), argument));
          }
        });
  }

  private void forEachInList(
      Die parameter, Die.Value list, List<CodeRegion.Range> ranges, Receiver receiver) {
    int[] count = {0};
    lists.forEach(
        list,
        (low, high, cursor, sizeBytes) -> {
          // Most entries are registers: no need to look further than their first byte.
          if (sizeBytes > 0 && isConstant(cursor.u8())) {
            cursor.seek(cursor.position() - 1);
            OptionalLong value = constantOf(cursor.sub(sizeBytes));
            if (value.isPresent()) {
              ConstantArgument argument = parameter(parameter).withValue(value.getAsLong());
              for (CodeRegion.Range range : ranges) {
                give(max(range.low(), low), min(range.high(), high), count[0], argument, receiver);
              }
            }
          }
          if (2 * count[0] == entries.length) {
            entries = Arrays.copyOf(entries, 4 * count[0]);
          }
          entries[2 * count[0]] = low;
          entries[2 * count[0] + 1] = high;
          count[0]++;
          return true;
        });
  }

  /** Gives the parts of a range that no earlier entry covers: of several the first counts. */
  private void give(
      long low, long high, int earlier, ConstantArgument argument, Receiver receiver) {
    if (Long.compareUnsigned(low, high) >= 0) {
      return;
    }
    List<CodeRegion.Range> before = new ArrayList<>(0);
    for (int i = 0; i < 2 * earlier; i += 2) {
      if (Long.compareUnsigned(entries[i], high) < 0
          && Long.compareUnsigned(entries[i + 1], low) > 0) {
        before.add(new CodeRegion.Range(entries[i], entries[i + 1]));
      }
    }
    if (before.isEmpty()) {
      receiver.constant(low, high, argument);
      return;
    }
    CodeRanges covered = new CodeRanges();
    covered.addAll(before);
    covered.gapsIn(low, high).forEach(gap -> receiver.constant(gap.low(), gap.high(), argument));
  }

  private static long max(long left, long right) {
    return Long.compareUnsigned(left, right) > 0 ? left : right;
  }

  private static long min(long left, long right) {
    return Long.compareUnsigned(left, right) < 0 ? left : right;
  }

  private Parameter parameter(Die die) {
    return known.computeIfAbsent(die.namedBy(), offset -> Parameter.of(unit, die));
  }

  /** What is the same for all values of a parameter. */
  private static final class Parameter {
    private final String name;
    private final Map<String, Long> enumerators;

    /** Most often the next value is the same one. */
    private @Nullable ConstantArgument last;

    /**
     * @param enumerators of its type; empty when it is no enum
     */
    private Parameter(String name, Map<String, Long> enumerators) {
      this.name = name;
      this.enumerators = enumerators;
    }

    static Parameter of(Unit unit, Die die) {
      DieReference start = new DieReference(unit, die.offset());
      Names.Found name = Names.find(start, Dw.AT_NAME);
      Names.Found type = Names.find(start, Dw.AT_TYPE);
      String text = name == null ? null : name.string();
      return new Parameter(
          text == null ? "?" : text, Enumerations.ofType(type == null ? null : type.reference()));
    }

    ConstantArgument withValue(long value) {
      ConstantArgument known = last;
      if (known == null || known.value() != value) {
        known = new ConstantArgument(name, value, enumerator(value));
        last = known;
      }
      return known;
    }

    private @Nullable String enumerator(long value) {
      for (Map.Entry<String, Long> entry : enumerators.entrySet()) {
        if (entry.getValue() == value) {
          return entry.getKey();
        }
      }
      return null;
    }
  }

  /** Returns where the list is that has the values of a parameter just read; null without one. */
  private static Die.@Nullable Value list(Die parameter) {
    Die.Value location = parameter.value(Dw.AT_LOCATION);
    return location == null || parameter.has(Dw.AT_CONST_VALUE) || Forms.isBlock(location.form())
        ? null
        : location;
  }

  /** Returns the value that a parameter just read has everywhere. */
  private OptionalLong value(Die parameter) {
    Die.Value constant = parameter.value(Dw.AT_CONST_VALUE);
    if (constant != null) {
      return Forms.isConstant(constant.form())
          ? OptionalLong.of(constant.raw())
          : OptionalLong.empty();
    }
    Die.Value location = parameter.value(Dw.AT_LOCATION);
    return location == null
        ? OptionalLong.empty()
        : constantOf(Forms.block(unit.info().cursor(0), location.raw(), location.form()));
  }

  private static boolean isConstant(int operation) {
    return (operation >= OP_LIT0 && operation <= OP_LIT31)
        || (operation >= OP_CONST1U && operation <= OP_CONSTS);
  }

  /** Evaluates an expression that pushes one constant and says that this is the value. */
  private static OptionalLong constantOf(ByteCursor expression) {
    if (!expression.hasRemaining()) {
      return OptionalLong.empty();
    }
    int operation = expression.u8();
    long value;
    if (operation >= OP_LIT0 && operation <= OP_LIT31) {
      value = (long) operation - OP_LIT0;
    } else {
      switch (operation) {
        case OP_CONST1U -> value = expression.u8();
        case OP_CONST1S -> value = expression.s8();
        case OP_CONST2U -> value = expression.u16();
        case OP_CONST2S -> value = (short) expression.u16();
        case OP_CONST4U -> value = expression.u32();
        case OP_CONST4S -> value = expression.s32();
        case OP_CONST8U, OP_CONST8S -> value = expression.u64();
        case OP_CONSTU -> value = expression.uleb();
        case OP_CONSTS -> value = expression.sleb();
        default -> {
          return OptionalLong.empty();
        }
      }
    }
    boolean isValue = expression.remaining() == 1 && expression.u8() == OP_STACK_VALUE;
    return isValue ? OptionalLong.of(value) : OptionalLong.empty();
  }
}
