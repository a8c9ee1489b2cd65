package dropsite.analyze.classify;

import dropsite.analyze.classify.HookTable.Family;
import dropsite.analyze.classify.HookTable.Hook;
import dropsite.analyze.classify.HookTable.Owner;
import dropsite.analyze.kernel.DropReason;
import dropsite.analyze.stack.Argument;
import dropsite.analyze.stack.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes a netfilter hook's verdict: hook machinery between the place of the drop and the
 * function that owns the hook, the first one below the machinery.
 *
 * <p>Which hook it is comes from the constant arguments of the owner's call where the compiler
 * recorded them, else from what the rule data knows of the owner.
 */
final class HookVerdict {
  private static final String FAMILY_PARAMETER = "pf";
  private static final String HOOK_PARAMETER = "hook";
  private static final String CHAIN = "{chain}";
  private static final int MOST_NAMELESS = 3;

  private final HookTable table;
  private final CallChain chain;
  private final @Nullable DropReason reason;
  private final List<String> evidence = new ArrayList<>();
  private Confidence confidence = Confidence.HIGH;
  private int owner;

  private HookVerdict(HookTable table, CallChain chain, @Nullable DropReason reason) {
    this.table = table;
    this.chain = chain;
    this.reason = reason;
  }

  /** Returns what a chain shows of a hook's verdict, or null when it shows none. */
  static @Nullable HookVerdict of(HookTable table, CallChain chain, @Nullable DropReason reason) {
    HookVerdict verdict = new HookVerdict(table, chain, reason);
    return verdict.found() ? verdict : null;
  }

  private boolean found() {
    owner = ownerIndex();
    if (owner > chain.site() && sawMachinery(owner)) {
      noteMachinery(owner);
      return true;
    }
    Owner direct = table.owner(chain.get(chain.site()).name());
    if (direct == null || !direct.freesOnlyForHook()) {
      return false;
    }
    owner = chain.site();
    noteLostMachinery(chain.get(owner));
    return true;
  }

  /** Returns the function that owns the hook; null when the stack ends before it. */
  @Nullable String ownerName() {
    return owner < chain.size() ? ownerCall(owner).name() : null;
  }

  /** Returns the index of the first call below machinery and nameless frames at the site. */
  private int ownerIndex() {
    int nameless = 0;
    int index = chain.site();
    while (index < chain.size()) {
      Call call = chain.get(index);
      if (call.name() == null) {
        // A rule engine in a module without a file; the machinery below it will tell.
        if (++nameless > MOST_NAMELESS || sawMachinery(index)) {
          break;
        }
      } else if (!table.isMachinery(call.name())) {
        break;
      }
      index++;
    }
    return index;
  }

  private boolean sawMachinery(int end) {
    for (int i = chain.site(); i < end; i++) {
      if (table.isMachinery(chain.get(i).name())) {
        return true;
      }
    }
    return false;
  }

  private void noteMachinery(int owner) {
    String path =
        chain.calls(chain.site(), owner).stream()
            .map(Call::inWords)
            .distinct()
            .collect(Collectors.joining(", "));
    evidence.add("the packet was freed inside hook machinery: " + path);
    boolean nameless = chain.get(chain.site()).name() == null;
    if (nameless && (reason == null || !table.isVerdict(reason.name()))) {
      confidence = Confidence.LOW;
      evidence.add("the function that freed it has no name: its module's file is missing");
    }
  }

  private void noteLostMachinery(Call owner) {
    if (reason == null || !table.isVerdict(reason.name())) {
      confidence = Confidence.MEDIUM;
    }
    evidence.add(
        "the packet was freed right below "
            + owner.name()
            + ", which frees packets only for its hook's verdict: the hook machinery between them"
            + " is not on the stack, as on kernels that unwind by frame pointer and are probed at a"
            + " function's entry");
    noteSharedTail(owner);
  }

  /** Of calls that free a packet in one frame, a compiler makes one, under the name of either. */
  private void noteSharedTail(Call owner) {
    if (chain.site() + 1 >= chain.size()) {
      return;
    }
    Call around = chain.get(chain.site() + 1);
    Owner known = table.owner(around.name());
    if (around.sharesFrameWith(owner)
        && (known == null || !known.freesOnlyForHook())
        && (reason == null || !table.isVerdict(reason.name()))) {
      confidence = Confidence.LOW;
      evidence.add(
          "but "
              + owner.name()
              + " is inlined into "
              + around.name()
              + ", which frees packets of its own, and the compiler may have made one of both: that"
              + " "
              + around.name()
              + " itself refused the packet fits as well");
    }
  }

  /**
   * Returns what is known of the hook.
   *
   * @param before evidence to begin with
   */
  Classification classification(List<String> before) {
    evidence.addAll(0, before);
    Call call = owner < chain.size() ? ownerCall(owner) : null;
    Owner known = call == null ? null : table.owner(call.name());
    List<Argument> arguments = call == null ? List.of() : argumentsAbove(owner);
    Family family = family(known, arguments);
    Hook hook = hook(known, family, arguments);
    if (call != null) {
      evidence.add("hook owner: " + call.inWords());
    }
    if (!arguments.isEmpty()) {
      evidence.add(
          "constant arguments of its call: "
              + arguments.stream()
                  .map(argument -> argument.name() + "=" + argument.valueInWords())
                  .collect(Collectors.joining(", ")));
    }
    checkReason();
    if (family == null || hook == null) {
      confidence = confidence.atMost(Confidence.MEDIUM);
    }
    return new Classification(
        null,
        classId(family, hook),
        Severity.DROP,
        confidence,
        title(family, hook),
        table
            .explanation()
            .replace("{family}", family == null ? "" : family.title())
            .replace("{hook}", hook == null ? "" : hook.name()),
        new DropPlace(
            chain.get(chain.site()).layer(), chain.get(chain.site()).frame(), caller(owner, call)),
        evidence,
        table.causes(),
        family == null ? List.of() : steps(family, hook),
        table.links());
  }

  private @Nullable Layer caller(int ownerIndex, @Nullable Call owner) {
    if (ownerIndex > chain.site()) {
      return owner == null ? null : owner.layer();
    }
    return ownerIndex + 1 < chain.size() ? chain.get(ownerIndex + 1).layer() : null;
  }

  /**
   * The owner may be wrapped in small inlined functions: the first known one of its frame counts.
   */
  private Call ownerCall(int index) {
    Call first = chain.get(index);
    for (int i = index; i < chain.size() && chain.get(i).sharesFrameWith(first); i++) {
      if (table.owner(chain.get(i).name()) != null) {
        return chain.get(i);
      }
    }
    return first;
  }

  /** Returns the constants of the machinery inlined into the owner's own frame. */
  private List<Argument> argumentsAbove(int ownerIndex) {
    for (int i = ownerIndex - 1; i >= 0; i--) {
      Call call = chain.get(i);
      Layer layer = call.layer();
      if (!call.sharesFrameWith(chain.get(ownerIndex)) || layer == null) {
        break;
      }
      List<Argument> arguments =
          layer.arguments().stream()
              .filter(argument ->
                  argument.name().equals(FAMILY_PARAMETER)
                      || argument.name().equals(HOOK_PARAMETER))
              .toList();
      if (table.isMachinery(call.name()) && !arguments.isEmpty()) {
        return arguments;
      }
    }
    return List.of();
  }

  private @Nullable Family family(@Nullable Owner owner, List<Argument> arguments) {
    Family known = owner == null ? null : owner.family();
    Family called = null;
    for (Argument argument : arguments) {
      if (argument.name().equals(FAMILY_PARAMETER)) {
        called = table.familyOf(argument.value());
      }
    }
    // A family without a number of its own runs another's hooks: the owner alone tells.
    boolean ownerTells = called == null || (known != null && known.protocolFamily() < 0);
    return ownerTells ? known : called;
  }

  private static @Nullable Hook hook(
      @Nullable Owner owner, @Nullable Family family, List<Argument> arguments) {
    if (family == null) {
      return null;
    }
    for (Argument argument : arguments) {
      if (argument.name().equals(HOOK_PARAMETER)) {
        Hook called = family.hook(argument.value());
        if (called != null) {
          return called;
        }
      }
    }
    return owner == null ? null : family.hook(owner.hook());
  }

  private void checkReason() {
    if (reason == null || !table.contradicts(reason.name())) {
      return;
    }
    confidence = confidence.atMost(Confidence.MEDIUM);
    evidence.add("but the reason recorded is " + reason.inWords() + ", not a hook's verdict");
  }

  private static String classId(@Nullable Family family, @Nullable Hook hook) {
    if (family == null) {
      return "netfilter";
    }
    return "netfilter." + family.id() + (hook == null ? "" : "." + hook.id());
  }

  private static String title(@Nullable Family family, @Nullable Hook hook) {
    if (family == null) {
      return "netfilter: a hook that could not be told";
    }
    return "netfilter: "
        + family.title()
        + (hook == null ? "" : " " + hook.name() + " (" + hook.chain() + " chain)");
  }

  private static List<NextStep> steps(Family family, @Nullable Hook hook) {
    String chain = hook == null ? "" : hook.chain();
    return family.next().stream()
        .filter(
            step -> step.hooks().isEmpty() || (hook != null && step.hooks().contains(hook.id())))
        .map(step -> new NextStep(step.run().replace(CHAIN, chain), step.why()))
        .toList();
  }
}
