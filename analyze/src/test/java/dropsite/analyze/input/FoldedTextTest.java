package dropsite.analyze.input;

import static dropsite.analyze.input.Texts.events;
import static dropsite.analyze.input.Texts.frames;
import static dropsite.analyze.input.Texts.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stacks of one line each, as flame graphs are made from. */
final class FoldedTextTest {

  @Test
  void theOutermostFrameStandsFirst() throws IOException {
    List<StackEvent> events =
        events(
            """
            tg;_start;send;entry_SYSCALL_64_after_hwframe;do_syscall_64;nf_hook_slow;nft_do_chain 12
            my prog;ret_from_fork_asm;kthread 3
            """);
    assertThat(events).extracting(StackEvent::count).containsExactly(12L, 3L);
    assertThat(events.getFirst().frames())
        .containsExactly(
            named("nft_do_chain"),
            named("nf_hook_slow"),
            named("do_syscall_64"),
            named("entry_SYSCALL_64_after_hwframe"));
    assertThat(events.get(1).line()).isEqualTo(2);
  }

  @Test
  void marksTellTheKernelsFrames() throws IOException {
    assertThat(frames("sshd-1234;main;write;sys_write_[k];nf_hook_[i];vfs_write_[k] 1\n"))
        .containsExactly(named("vfs_write"), named("sys_write"));
    assertThat(events("sshd-1234;main;write;poll_[i] 1\n")).isEmpty();
    assertThat(events("java;start_thread;entry_SYSCALL_64;Interpreter_[j] 1\n")).isEmpty();
  }

  @Test
  void theTopIsAReturnAddressUnlessItIsTheProbedPlace() throws IOException {
    assertThat(frames("tg;outer+0x12;inner+0x45 1\n"))
        .containsExactly(named("inner", 0x45), named("outer", 0x12));
    assertThat(frames("tg;outer+12;inner+1 1\n"))
        .containsExactly(named("inner", 1).asProgramCounter(), named("outer", 12));
  }

  @Test
  void aDeepStackOfManyKilobytesIsWhole() throws IOException {
    String text = "tg" + ";some_function_of_a_name_[k]".repeat(1000) + " 7\n";
    assertThat(text.length()).isGreaterThan(27_000);
    assertThat(frames(text)).hasSize(1000);
  }

  @Test
  void otherListsAreNoStacks() throws IOException {
    assertThat(
            events(
                """
                for (a; b; c) 12
                ;;;; 12
                name;type;value 12
                2024;first_name;last_name;some_number;42 12
                a_b;c_d 12
                cksum;_start;__libc_start_main;main;cksum 31
                a_b;entry_SYSCALL_64;e_f;g_h;i_j
                a_b;c_d;e_f;g_h;i_j 12 13x
                a_b;entry_SYSCALL_64 12
                a_b;entry_SYSCALL_64;;e_f 12
                a_b; c_d; e_f; g_h; i_j 12
                x;[unknown];[unknown];[unknown];strchr 1
                """))
        .isEmpty();
  }
}
