package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.symbols.CodeRegion;
import dropsite.symbols.ConstantArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

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
  private final long linkAddress;

  ConstantArguments(Unit unit, long linkAddress) {
    this.unit = unit;
    this.linkAddress = linkAddress;
  }

  /** Returns the constant parameters of the function or inlined subroutine at a DIE. */
  List<ConstantArgument> of(long dieOffset) {
    List<ConstantArgument> found = new ArrayList<>();
    Die die = new DieReference(unit, dieOffset).read();
    if (!die.hasChildren()) {
      return found;
    }
    while (!die.atEnd() && die.next()) {
      if (die.tag() != Dw.TAG_FORMAL_PARAMETER) {
        die.skipTree();
        continue;
      }
      die.read();
      value(die).ifPresent(value -> found.add(Parameter.of(unit, die).withValue(value)));
      die.skipChildren();
    }
    return found;
  }

  /** Takes a parameter that has one value throughout a range of link-time addresses. */
  interface Receiver {
    void constant(long low, long high, ConstantArgument argument);
  }

  /**
   * Gives what {@link #of} returns at all addresses of some ranges, parameter by parameter.
   *
   * @param ranges ascending and apart
   * @param known parameters met before in this unit, by the DIE that names them
   */
  static void forEach(
      Unit unit,
      long dieOffset,
      List<CodeRegion.Range> ranges,
      Map<Long, Parameter> known,
      Receiver receiver) {
    Die die = new DieReference(unit, dieOffset).read();
    if (!die.hasChildren()) {
      return;
    }
    while (!die.atEnd() && die.next()) {
      if (die.tag() != Dw.TAG_FORMAL_PARAMETER) {
        die.skipTree();
        continue;
      }
      die.read();
      Die.Value location = die.value(Dw.AT_LOCATION);
      if (die.has(Dw.AT_CONST_VALUE) || location == null || Forms.isBlock(location.form())) {
        // The same everywhere.
        OptionalLong value = new ConstantArguments(unit, 0).value(die);
        if (value.isPresent()) {
          ConstantArgument argument = parameter(unit, die, known).withValue(value.getAsLong());
          ranges.forEach(range -> receiver.constant(range.low(), range.high(), argument));
        }
      } else {
        forEachInList(unit, die, location, ranges, known, receiver);
      }
      die.skipChildren();
    }
  }

  private static void forEachInList(
      Unit unit,
      Die parameter,
      Die.Value location,
      List<CodeRegion.Range> ranges,
      Map<Long, Parameter> known,
      Receiver receiver) {
    List<CodeRegion.Range> entries = new ArrayList<>();
    List<OptionalLong> values = new ArrayList<>();
    LocationLists.forEach(
        unit,
        location,
        (low, high, expression) -> {
          entries.add(new CodeRegion.Range(low, high));
          values.add(constantOf(expression));
          return true;
        });
    for (int i = 0; i < entries.size(); i++) {
      OptionalLong value = values.get(i);
      if (value.isEmpty()) {
        continue;
      }
      // Where entries overlap, the first counts.
      CodeRanges before = new CodeRanges();
      before.addAll(entries.subList(0, i));
      ConstantArgument argument = parameter(unit, parameter, known).withValue(value.getAsLong());
      for (CodeRegion.Range range : ranges) {
        long low = max(range.low(), entries.get(i).low());
        long high = min(range.high(), entries.get(i).high());
        before.gapsIn(low, high).forEach(gap -> receiver.constant(gap.low(), gap.high(), argument));
      }
    }
  }

  private static long max(long left, long right) {
    return Long.compareUnsigned(left, right) > 0 ? left : right;
  }

  private static long min(long left, long right) {
    return Long.compareUnsigned(left, right) < 0 ? left : right;
  }

  private static Parameter parameter(Unit unit, Die die, Map<Long, Parameter> known) {
    return known.computeIfAbsent(die.namedBy(), offset -> Parameter.of(unit, die));
  }

  /**
   * What is the same for all values of a parameter.
   *
   * @param enumerators of its type; empty when it is no enum
   */
  record Parameter(String name, Map<String, Long> enumerators) {
    static Parameter of(Unit unit, Die die) {
      DieReference start = new DieReference(unit, die.offset());
      Names.Found name = Names.find(start, Dw.AT_NAME);
      Names.Found type = Names.find(start, Dw.AT_TYPE);
      String text = name == null ? null : name.string();
      return new Parameter(
          text == null ? "?" : text, Enumerations.ofType(type == null ? null : type.reference()));
    }

    ConstantArgument withValue(long value) {
      String enumerator = null;
      for (Map.Entry<String, Long> entry : enumerators.entrySet()) {
        if (entry.getValue() == value) {
          enumerator = entry.getKey();
          break;
        }
      }
      return new ConstantArgument(name, value, enumerator);
    }
  }

  private OptionalLong value(Die parameter) {
    Die.Value constant = parameter.value(Dw.AT_CONST_VALUE);
    if (constant != null) {
      return Forms.isConstant(constant.form())
          ? OptionalLong.of(constant.raw())
          : OptionalLong.empty();
    }
    Die.Value location = parameter.value(Dw.AT_LOCATION);
    if (location == null) {
      return OptionalLong.empty();
    }
    if (Forms.isBlock(location.form())) {
      return constantOf(Forms.block(unit.info().cursor(0), location.raw(), location.form()));
    }
    ByteCursor expression = LocationLists.expressionAt(unit, location, linkAddress);
    return expression == null ? OptionalLong.empty() : constantOf(expression);
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
