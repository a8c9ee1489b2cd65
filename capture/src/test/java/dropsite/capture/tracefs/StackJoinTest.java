package dropsite.capture.tracefs;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StackJoinTest {
  private static final int TASK = 0x01;
  private static final int SOFT = DropDecoder.SOFT_INTERRUPT;
  private static final int HARD = DropDecoder.HARD_INTERRUPT;

  private final List<String> finished = new ArrayList<>();
  private final StackJoin join =
      new StackJoin(event -> finished.add(event.skb() + ":" + event.stack().length));

  private void event(long skb, int flags) {
    join.event(
        new DropEvent(
            0,
            0,
            false,
            skb,
            0,
            2,
            new long[0],
            false,
            DropEvent.Task.UNKNOWN,
            DropEvent.Device.UNKNOWN,
            DropEvent.Socket.NONE,
            DropEvent.Packet.UNKNOWN),
        flags);
  }

  @Test
  void aStackBelongsToTheEventBefore() {
    event(1, TASK);
    join.stack(new long[3], TASK);
    event(2, SOFT);
    join.stack(new long[4], SOFT);
    assertThat(finished).containsExactly("1:3", "2:4");
  }

  @Test
  void anInterruptBetweenThemHasItsOwn() {
    event(1, TASK);
    event(2, SOFT);
    event(3, HARD | SOFT);
    join.stack(new long[5], HARD | SOFT);
    join.stack(new long[4], SOFT);
    join.stack(new long[3], TASK);
    assertThat(finished).containsExactly("3:5", "2:4", "1:3");
    assertThat(join.withoutStack()).isZero();
  }

  @Test
  void anEventWhoseStackNeverCameGoesWithout() {
    event(1, TASK);
    event(2, TASK);
    event(3, SOFT);
    join.stack(new long[3], TASK);
    assertThat(finished).containsExactly("1:0", "3:0", "2:3");
    assertThat(join.withoutStack()).isEqualTo(2);
  }

  @Test
  void whatWaitsIsHandedOverAtTheEndOnly() {
    event(1, TASK);
    join.rest(false);
    assertThat(finished).isEmpty();
    join.rest(true);
    assertThat(finished).containsExactly("1:0");
  }

  @Test
  void aStackOfNobodyIsLeftOut() {
    join.stack(new long[3], TASK);
    event(1, TASK);
    join.stack(new long[3], SOFT);
    join.rest(true);
    assertThat(finished).containsExactly("1:0");
    assertThat(join.withoutEvent()).isEqualTo(2);
  }
}
