package dropsite.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the kernel's functions mean is data (rules), so no string in Java code names one.
 *
 * <p>Looks at the string constants of compiled classes, thus also at concatenations and switch
 * labels. Annotation values are something else in a class file: an example in a command's help may
 * name a function.
 */
final class KernelNamesTest {
  private static final Path NAMES = Path.of("..", "testdata", "arch", "kernel-functions.txt");

  /** Functions that go by the name of their tracepoint, which is an interface (skb:kfree_skb). */
  private static final Set<String> TRACEPOINTS = Set.of("kfree_skb", "consume_skb");

  private static final Pattern NO_IDENTIFIER = Pattern.compile("[^A-Za-z0-9_]+");

  @Test
  void noJavaCodeNamesAFunctionOfTheKernel() throws IOException {
    Set<String> functions = functions();
    List<String> named = new ArrayList<>();
    for (Path file : CompiledRooms.classFiles()) {
      for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
        if (entry instanceof StringEntry string) {
          NO_IDENTIFIER
              .splitAsStream(string.stringValue())
              .filter(functions::contains)
              .forEach(name -> named.add(file.getFileName() + ": " + name));
        }
      }
    }
    assertThat(named).as("functions of the kernel in Java code; they belong in rules").isEmpty();
  }

  private static Set<String> functions() throws IOException {
    Set<String> names =
        Files.readAllLines(NAMES).stream()
            .filter(line -> !line.startsWith("#") && !TRACEPOINTS.contains(line))
            .collect(Collectors.toUnmodifiableSet());
    assertThat(names).hasSizeGreaterThan(1000).contains("nf_hook_slow", "ip_rcv");
    return names;
  }
}
