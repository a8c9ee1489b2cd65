package dropsite.analyze.classify;

import dropsite.analyze.stack.Argument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition on the functions of a stack. */
interface PlaceCondition extends Condition {

  /** One of these functions is in the drop's own frame, inlined or not. */
  record AtSite(Names names) implements PlaceCondition {
    private static final int WHOLE = 30;
    private static final int PATTERN = 10;

    @Override
    public int fit(Drop drop, Packet packet) {
      return drop.chain().hasSite() ? names.bestOf(drop.chain().siteCalls(), WHOLE, PATTERN) : NO;
    }

    @Override
    public int weight() {
      return WHOLE;
    }

    @Override
    public String inWords() {
      return names.inWords("site");
    }

    @Override
    public @Nullable String evidence(Drop drop) {
      Call call = names.firstOf(drop.chain().siteCalls());
      return call == null ? null : "the packet was freed in " + call.inWords();
    }
  }

  /** One of these functions is further down the stack. */
  record Below(Names names) implements PlaceCondition {
    private static final int WEIGHT = 5;

    @Override
    public int fit(Drop drop, Packet packet) {
      return drop.chain().hasSite() && names.anyOf(drop.chain().below()) ? WEIGHT : NO;
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return names.inWords("below");
    }

    @Override
    public @Nullable String evidence(Drop drop) {
      Call call = names.firstOf(drop.chain().below());
      return call == null ? null : "on the way through " + call.inWords();
    }
  }

  /**
   * These functions are on the stack in this order, innermost first, others between them; those
   * that free packets count.
   */
  record InOrder(List<Names> steps) implements PlaceCondition {
    private static final int WEIGHT_OF_EACH = 12;

    @Override
    public int fit(Drop drop, Packet packet) {
      int step = 0;
      CallChain chain = drop.chain();
      for (int i = 0; i < chain.size() && step < steps.size(); i++) {
        String name = chain.get(i).name();
        if (name != null && steps.get(step).patterns().matches(name)) {
          step++;
        }
      }
      return step == steps.size() ? weight() : NO;
    }

    @Override
    public int weight() {
      return WEIGHT_OF_EACH * steps.size();
    }

    @Override
    public String inWords() {
      return "chain: " + written();
    }

    @Override
    public String evidence(Drop drop) {
      return "the stack goes through " + written();
    }

    private String written() {
      return String.join(
          ", ", steps.stream().map(step -> String.join(" or ", step.written())).toList());
    }
  }

  /**
   * A call on the stack has a constant argument.
   *
   * @param function whose parameter it is
   * @param value as a number, or the name of an enumerator
   */
  record WithArgument(String function, String parameter, String value) implements PlaceCondition {
    private static final int WEIGHT = 10;

    @Override
    public int fit(Drop drop, Packet packet) {
      CallChain chain = drop.chain();
      for (int i = 0; i < chain.size(); i++) {
        Call call = chain.get(i);
        if (function.equals(call.name()) && call.layer() != null && hasIt(call)) {
          return WEIGHT;
        }
      }
      return NO;
    }

    private boolean hasIt(Call call) {
      if (call.layer() == null) {
        return false;
      }
      for (Argument argument : call.layer().arguments()) {
        if (argument.name().equals(parameter)
            && (value.equals(argument.enumerator())
                || value.equals(Long.toString(argument.value())))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return "argument " + function + "." + parameter + " = " + value;
    }

    @Override
    public String evidence(Drop drop) {
      return function + " was called with " + parameter + " = " + value;
    }
  }

  /** A hook's verdict dropped the packet, and one of these functions owns the hook. */
  record OwnedBy(Names names) implements PlaceCondition {
    private static final int WEIGHT = 30;

    @Override
    public int fit(Drop drop, Packet packet) {
      return drop.hook() == null ? NO : names.fit(drop.hook().ownerName(), WEIGHT, WEIGHT);
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return names.inWords("hookOwner");
    }
  }

  /** The site lies in one of these modules. */
  record InModule(Names names) implements PlaceCondition {
    private static final int WEIGHT = 4;

    @Override
    public int fit(Drop drop, Packet packet) {
      CallChain chain = drop.chain();
      return chain.hasSite()
          ? names.fit(chain.get(chain.site()).frame().module(), WEIGHT, WEIGHT)
          : NO;
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return names.inWords("module");
    }

    @Override
    public @Nullable String evidence(Drop drop) {
      return "the packet was freed in module "
          + drop.chain().get(drop.chain().site()).frame().module();
    }
  }

  /** The source of the site lies in one of these folders of the kernel's tree. */
  record InFolder(List<String> folders) implements PlaceCondition {
    private static final int WEIGHT = 2;

    @Override
    public int fit(Drop drop, Packet packet) {
      CallChain chain = drop.chain();
      if (!chain.hasSite()) {
        return NO;
      }
      for (Call call : chain.siteCalls()) {
        String file = call.layer() == null ? null : call.layer().source().file();
        if (file != null && folders.stream().anyMatch(folder -> lies(file, folder))) {
          return WEIGHT;
        }
      }
      return NO;
    }

    /** Paths begin where the kernel was built: a folder counts where the tree may begin. */
    private static boolean lies(String file, String folder) {
      int at = file.indexOf(folder);
      while (at > 0 && (file.charAt(at - 1) != '/' || !isRoot(file, at - 1))) {
        at = file.indexOf(folder, at + 1);
      }
      return at >= 0;
    }

    private static boolean isRoot(String file, int slash) {
      return !file.startsWith("drivers", slash - 7) && !file.startsWith("include", slash - 7);
    }

    @Override
    public int weight() {
      return WEIGHT;
    }

    @Override
    public String inWords() {
      return "source: " + String.join(" or ", folders);
    }

    @Override
    public String evidence(Drop drop) {
      return "the function that freed the packet is in " + String.join(" or ", folders);
    }
  }
}
