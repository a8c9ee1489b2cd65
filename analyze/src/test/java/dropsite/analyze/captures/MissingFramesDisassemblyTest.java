package dropsite.analyze.captures;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.analyze.input.StackEvent;
import dropsite.analyze.kernel.KernelImage;
import dropsite.analyze.stack.ResolvedFrame;
import dropsite.analyze.stack.ResolvedStack;
import dropsite.analyze.stack.StackResolver;
import dropsite.symbols.DebugSymbols;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames put into real stacks, against what llvm-objdump shows of the functions. */
@Tag("kernels")
final class MissingFramesDisassemblyTest {
  private static final Pattern FUNCTION = Pattern.compile("^([0-9a-f]+) <([^>]+)>:$");
  private static final Pattern BRANCH =
      Pattern.compile("^\\s*([0-9a-f]+):\\s+(j[a-z]+|callq?)\\s+0x[0-9a-f]+ <([^>]+)>");
  private static final Pattern RELOCATION =
      Pattern.compile("R_X86_64_(?:PLT32|PC32)\\s+([^-+\\s]+)-0x4$");

  /** x86-64: the call by a distance. */
  private static final int CALL_BYTES = 5;

  /**
   * What the instructions of some functions of a file lead to.
   *
   * @param jumps to other functions, by function
   * @param calls what is called, by function and offset behind the call, as {@code name+16}
   */
  private record Disassembly(Map<String, Set<String>> jumps, Map<String, String> calls) {

    static Disassembly of(String file, Set<String> functions) throws IOException {
      Disassembly result = new Disassembly(new HashMap<>(), new HashMap<>());
      Process objdump =
          new ProcessBuilder(
                  "llvm-objdump",
                  "--no-show-raw-insn",
                  "--reloc",
                  "--disassemble-symbols=" + String.join(",", functions),
                  file)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader lines = objdump.inputReader()) {
        String function = "";
        long start = 0;
        Matcher branch = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Matcher begin = FUNCTION.matcher(line);
          Matcher next = BRANCH.matcher(line);
          Matcher relocation = RELOCATION.matcher(line);
          if (begin.find()) {
            start = Long.parseUnsignedLong(begin.group(1), 16);
            function = begin.group(2);
          } else if (next.find()) {
            branch = next;
            result.add(function, start, next, next.group(3));
          } else if (branch != null && relocation.find()) {
            // In a module the linker has not filled in where it leads to.
            result.add(function, start, branch, relocation.group(1));
          } else {
            branch = null;
          }
        }
      } finally {
        objdump.destroyForcibly();
      }
      return result;
    }

    private void add(String function, long start, Matcher branch, String target) {
      if (branch.group(2).startsWith("call")) {
        long end = Long.parseUnsignedLong(branch.group(1), 16) + CALL_BYTES;
        calls.put(function + "+" + (end - start), target);
      } else {
        jumps.computeIfAbsent(function, name -> new HashSet<>()).add(target);
      }
    }
  }

  /** A caller, what was put above it, and the function called in the end. */
  private record Gap(ResolvedFrame caller, List<ResolvedFrame> elided, ResolvedFrame called) {

    /** Returns what does not hold of it; empty when all does. */
    List<String> wrongBy(Map<String, Disassembly> files) {
      List<String> wrong = new ArrayList<>();
      String called = in(files, caller).calls.get(caller.symbol() + "+" + caller.offsetBytes());
      String first = String.valueOf(elided.getLast().symbol());
      if (!first.equals(called)) {
        wrong.add(caller.symbol() + " calls " + called + " and not " + first);
      }
      for (int i = elided.size() - 1; i >= 0; i--) {
        String from = String.valueOf(elided.get(i).symbol());
        String to = String.valueOf(i == 0 ? this.called.symbol() : elided.get(i - 1).symbol());
        if (!in(files, elided.get(i)).jumps.getOrDefault(from, Set.of()).contains(to)) {
          wrong.add(from + " does not jump to " + to);
        }
      }
      return wrong;
    }

    private static Disassembly in(Map<String, Disassembly> files, ResolvedFrame frame) {
      return Objects.requireNonNull(files.get(String.valueOf(frame.module())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.12", "6.1"})
  void everyFramePutIntoARealStackLiesOnAPathOfJumps(String kernel) throws IOException {
    Capture capture = Capture.of(kernel);
    Map<String, Gap> gaps = new HashMap<>();
    Map<String, Disassembly> files = new HashMap<>();
    try (KernelImage image = RecordedDropsTest.debugPackage(capture.kernel(), kernel)) {
      StackResolver resolver = new StackResolver(image, false);
      for (StackEvent event : capture.events()) {
        ResolvedStack stack = resolver.resolve(event);
        for (int i = 0; i + 1 < stack.frames().size(); i++) {
          List<ResolvedFrame> elided = stack.elided().get(i);
          if (!elided.isEmpty()) {
            Gap gap = new Gap(stack.frames().get(i + 1), elided, stack.frames().get(i));
            gaps.put(gap.caller.linkAddress() + " " + gap.called.symbol(), gap);
          }
        }
      }
      Map<String, Set<String>> functions = new HashMap<>();
      for (Gap gap : gaps.values()) {
        add(gap.caller, functions);
        gap.elided.forEach(frame -> add(frame, functions));
      }
      for (Map.Entry<String, Set<String>> each : functions.entrySet()) {
        String module = each.getKey();
        Optional<DebugSymbols> file =
            module.equals("null") ? image.vmlinux() : image.moduleNamed(module);
        files.put(module, Disassembly.of(file.orElseThrow().file(), each.getValue()));
      }
    }
    List<String> wrong = new ArrayList<>();
    gaps.values().forEach(gap -> wrong.addAll(gap.wrongBy(files)));
    System.out.println(
        kernel + ": " + gaps.size() + " distinct gaps filled, not confirmed: " + wrong);
    assertThat(wrong).isEmpty();
    assertThat(gaps).hasSizeGreaterThan(10);
  }

  private static void add(ResolvedFrame frame, Map<String, Set<String>> functions) {
    functions
        .computeIfAbsent(String.valueOf(frame.module()), module -> new HashSet<>())
        .add(frame.symbol());
  }
}
