package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.symbols.ConstantArgument;
import java.util.ArrayList;
import java.util.List;
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
      value(die).ifPresent(value -> found.add(argument(die, value)));
      die.skipChildren();
    }
    return found;
  }

  private ConstantArgument argument(Die parameter, long value) {
    DieReference start = new DieReference(unit, parameter.offset());
    Names.Found name = Names.find(start, Dw.AT_NAME);
    Names.Found type = Names.find(start, Dw.AT_TYPE);
    String text = name == null ? null : name.string();
    return new ConstantArgument(
        text == null ? "?" : text,
        value,
        Enumerations.enumerator(type == null ? null : type.reference(), value));
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
