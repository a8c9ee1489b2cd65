package dropsite.dwarf;

import dropsite.symbols.CallSite;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the call sites below a function DIE, those in inlined subroutines included. */
final class CallSites {
  private CallSites() {}

  static List<CallSite> of(Unit unit, long functionOffset) {
    List<CallSite> sites = new ArrayList<>();
    unit.hold();
    Die die = unit.dieAt(functionOffset);
    int depth = 0;
    do {
      if (depth > 0) {
        die.pass(Abbreviation.CALL_SITES);
        if (die.atEnd()) {
          break;
        }
      }
      if (!die.next()) {
        depth--;
        continue;
      }
      if (die.tag() == Dw.TAG_CALL_SITE || die.tag() == Dw.TAG_GNU_CALL_SITE) {
        die.read();
        sites.add(site(unit, die));
      } else {
        die.skipAttributes();
      }
      if (die.hasChildren()) {
        depth++;
      }
    } while (depth > 0 && !die.atEnd());
    sites.sort((left, right) -> Long.compareUnsigned(left.returnAddress(), right.returnAddress()));
    return List.copyOf(sites);
  }

  private static CallSite site(Unit unit, Die die) {
    boolean gnu = die.tag() == Dw.TAG_GNU_CALL_SITE;
    Die.Value pc = die.value(gnu ? Dw.AT_LOW_PC : Dw.AT_CALL_RETURN_PC);
    if (pc == null) {
      pc = die.value(Dw.AT_CALL_PC);
    }
    boolean tail = die.has(gnu ? Dw.AT_GNU_TAIL_CALL : Dw.AT_CALL_TAIL_CALL);
    Die.Value origin = die.value(gnu ? Dw.AT_ABSTRACT_ORIGIN : Dw.AT_CALL_ORIGIN);
    return new CallSite(pc == null ? 0 : unit.address(pc), callee(unit, origin), tail);
  }

  private static @Nullable String callee(Unit unit, Die.@Nullable Value origin) {
    DieReference target = origin == null ? null : unit.reference(origin);
    return target == null ? null : target.unit().functionName(target.offset());
  }
}
