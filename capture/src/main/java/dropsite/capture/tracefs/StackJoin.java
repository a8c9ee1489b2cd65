package dropsite.capture.tracefs;

import dropsite.capture.DropEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Gives events of one CPU their stacks, which the kernel writes as records of their own right
 * behind them; an interrupt between the two puts its own event and stack there. So an event waits
 * while what comes is from a context above its own.
 */
final class StackJoin {
  /** How long a stack may take to follow: interrupts may come in between. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** An event that waits for its stack. */
  private record Waiting(DropEvent event, int level, long sinceNanos) {}

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Consumer<DropEvent> taker;
  private long withoutStack;
  private long withoutEvent;

  /**
   * @param taker of events as they are finished: not always in the order of time
   */
  StackJoin(Consumer<DropEvent> taker) {
    this.taker = taker;
  }

  /** Returns how many events got no stack. */
  long withoutStack() {
    return withoutStack;
  }

  /** Returns how many stacks came whose event did not. */
  long withoutEvent() {
    return withoutEvent;
  }

  /**
   * Takes an event.
   *
   * @param flags of its record
   */
  void event(DropEvent event, int flags) {
    int level = level(flags);
    giveUpFrom(level);
    waiting.push(new Waiting(event, level, System.nanoTime()));
  }

  /**
   * Takes a stack.
   *
   * @param flags of its record
   */
  void stack(long[] addresses, int flags) {
    int level = level(flags);
    giveUpFrom(level + 1);
    Waiting top = waiting.peek();
    if (top != null && top.level == level) {
      waiting.pop();
      taker.accept(withStack(top.event, addresses));
    } else {
      withoutEvent++;
    }
  }

  /**
   * Hands over what has waited too long.
   *
   * @param last whether nothing comes any more
   */
  void rest(boolean last) {
    long now = System.nanoTime();
    Waiting oldest = waiting.peekLast();
    if (oldest != null && (last || now - oldest.sinceNanos > PATIENCE_NANOS)) {
      giveUpFrom(0);
    }
  }

  private void giveUpFrom(int level) {
    while (!waiting.isEmpty() && waiting.peek().level >= level) {
      withoutStack++;
      taker.accept(waiting.pop().event);
    }
  }

  /** Returns where a context stands in the order in which one can interrupt the other. */
  private static int level(int flags) {
    if ((flags & DropDecoder.NON_MASKABLE_INTERRUPT) != 0) {
      return 3;
    }
    if ((flags & DropDecoder.HARD_INTERRUPT) != 0) {
      return 2;
    }
    return (flags & DropDecoder.SOFT_INTERRUPT) != 0 ? 1 : 0;
  }

  private static DropEvent withStack(DropEvent event, long[] stack) {
    return new DropEvent(
        event.bootNanos(),
        event.cpu(),
        event.consumed(),
        event.skb(),
        event.location(),
        event.reason(),
        stack,
        event.stackCut(),
        event.task(),
        event.device(),
        event.socket(),
        event.packet());
  }
}
