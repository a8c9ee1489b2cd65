package dropsite.analyze.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of lockdep that name a place (kernel/locking/lockdep.c): where a lock was taken, {@code #0:
 * ffff888004 (rtnl_mutex){+.+.}-{4:4}, at: name+0x1/0x2}, and where interrupts were last enabled or
 * disabled. Both are addresses that something returned to.
 */
final class PrintkPlaces implements FrameSyntax {

  @Override
  public @Nullable LinePart parse(LineCursor line) {
    line.skipBlanks();
    int begin = line.position();
    if (!isLock(line) && !isFlag(line)) {
      return null;
    }
    line.skipBlanks();
    StackFrame place = KernelPlace.addressed(line);
    line.skipBlanks();
    if (place == null || !line.atEnd()) {
      return null;
    }
    line.moveTo(begin);
    return new LinePart.Places(List.of(place), Topic.of(line.rest()));
  }

  /** Behind the lock's name comes what it is held as, {@code {+.+.}} or {@code {+.+.}-{4:4}}. */
  private static boolean isLock(LineCursor line) {
    int first = line.peek();
    return (first == '#' || first == '(' || Character.digit(first, 16) >= 0)
        && line.skipBehind("}, at: ");
  }

  private static boolean isFlag(LineCursor line) {
    return (line.accept("hardirqs last ") || line.accept("softirqs last "))
        && line.skipBehind("): ");
  }
}
