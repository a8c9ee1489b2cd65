package dropsite.analyze.stack;

import dropsite.analyze.kernel.Remembered;
import dropsite.analyze.rules.NamePatterns;
import dropsite.analyze.rules.RuleData;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Hides what the probe itself put on top of a stack. */
final class ProbeMachinery {
  private final NamePatterns names;
  private final Remembered<ResolvedFrame, Role> roles = new Remembered<>();

  private ProbeMachinery(NamePatterns names) {
    this.names = names;
  }

  /** Reads the rule data that we ship. */
  static ProbeMachinery shipped() {
    RuleData data = RuleData.resource(ProbeMachinery.class, "machinery.yaml");
    data.expectOnly(Set.of("probe"));
    return new ProbeMachinery(new NamePatterns(data.get("probe").texts()));
  }

  /** Returns the frames with those of the probe hidden; a repair tells of a repeated top frame. */
  List<ResolvedFrame> hide(List<ResolvedFrame> frames, List<Repair> repairs) {
    int top = lastOfProbe(frames) + 1;
    // The frame that the tracepoint is in and the frame that fired it are one and the same.
    if (top + 1 < frames.size() && sameFrame(frames.get(top), frames.get(top + 1))) {
      repairs.add(
          new Repair("repeated-top", top, "the frame below it is at the very same address"));
      top++;
    }
    List<ResolvedFrame> result = new ArrayList<>(frames);
    for (int i = 0; i < top; i++) {
      result.set(i, result.get(i).as(Standing.HIDDEN));
    }
    return result;
  }

  /**
   * Nameless frames count only with one of the probe's below them: a BPF program has no name. So do
   * those that the unwinder doubts.
   */
  private int lastOfProbe(List<ResolvedFrame> frames) {
    int last = -1;
    for (int i = 0; i < frames.size(); i++) {
      Role role = roleOf(frames.get(i));
      if (role == Role.OTHER) {
        break;
      }
      last = role == Role.PROBE ? i : last;
    }
    // A stack of nothing but probe frames has nothing else to show.
    return last == frames.size() - 1 ? -1 : last;
  }

  private Role roleOf(ResolvedFrame frame) {
    Role known = roles.get(frame);
    if (known != null) {
      return known;
    }
    List<Layer> layers = frame.layers();
    String name = layers.isEmpty() ? null : layers.getLast().source().canonicalName();
    Role role =
        name != null && names.matches(name)
            ? Role.PROBE
            : name == null || frame.unreliable() ? Role.NAMELESS : Role.OTHER;
    return roles.put(frame, role);
  }

  private static boolean sameFrame(ResolvedFrame a, ResolvedFrame b) {
    if (a.unreliable() || b.unreliable()) {
      return false;
    }
    Long address = a.given().runtimeAddress();
    if (address != null) {
      return address.equals(b.given().runtimeAddress());
    }
    String symbol = a.given().symbol();
    return symbol != null
        && symbol.equals(b.given().symbol())
        && a.given().offsetBytes() == b.given().offsetBytes()
        && a.given().offsetBytes() >= 0;
  }

  private enum Role {
    PROBE,
    NAMELESS,
    OTHER
  }
}
