package dropsite.analyze.session;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.input.StackFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Resolves each different stack once, and numbers them; memory is bounded. */
final class StackNumbers {
  private static final int MOST_KNOWN = 1 << 14;

  private final StackResolver resolver;
  private final IdentityHashMap<List<StackFrame>, Known> shared = new IdentityHashMap<>();
  private final Map<List<StackFrame>, Known> equal = new HashMap<>();
  private int next;

  /** A stack, and its number. */
  record Known(int number, ResolvedStack stack) {}

  StackNumbers(StackResolver resolver) {
    this.resolver = resolver;
  }

  /** Returns what is known of an event's stack. */
  Known of(StackEvent event) throws IOException {
    // Equal stacks of a capture share their frames; comparing all of those takes longer.
    Known known = shared.get(event.frames());
    if (known != null) {
      return known;
    }
    known = equal.get(event.frames());
    if (shared.size() == MOST_KNOWN) {
      shared.clear();
      equal.clear();
    }
    if (known == null) {
      known = new Known(next++, resolver.resolve(event));
      equal.put(event.frames(), known);
    }
    shared.put(event.frames(), known);
    return known;
  }
}
