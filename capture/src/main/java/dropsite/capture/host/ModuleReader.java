package dropsite.capture.host;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads which modules are loaded, and where (/proc/modules, /sys/module). */
final class ModuleReader {
  // NAME SIZE USERS DEPENDENCIES STATE ADDRESS [(TAINTS)], kernel/module/procfs.c
  private static final int SIZE = 1;
  private static final int ADDRESS = 5;
  private static final int TAINTS = 6;

  private final HostFiles files;

  ModuleReader(HostFiles files) {
    this.files = files;
  }

  List<HostModule> read() {
    List<HostModule> modules = new ArrayList<>();
    for (String line : files.lines("proc/modules")) {
      String[] fields = line.split(" ", -1);
      if (fields.length > ADDRESS) {
        modules.add(
            new HostModule(
                fields[0],
                number(fields[ADDRESS]),
                number(fields[SIZE]),
                buildId(fields[0]),
                sections(fields[0])));
      }
    }
    return modules;
  }

  /** Returns the names of modules that did not come with the kernel, or are not signed. */
  Set<String> foreign() {
    Set<String> names = new HashSet<>();
    for (String line : files.lines("proc/modules")) {
      String[] fields = line.split(" ", -1);
      // O: out of tree, E: unsigned, P: proprietary (Documentation/admin-guide/tainted-kernels.rst)
      if (fields.length > TAINTS && fields[TAINTS].matches("\\(.*[OEP].*\\)")) {
        names.add(fields[0]);
      }
    }
    return names;
  }

  private String buildId(String module) {
    String folder = "sys/module/" + module + "/notes";
    for (String name : files.names(folder)) {
      String id = ElfNotes.buildId(name, files.bytes(folder + "/" + name));
      if (!id.isEmpty()) {
        return id;
      }
    }
    return "";
  }

  private Map<String, Long> sections(String module) {
    String folder = "sys/module/" + module + "/sections";
    Map<String, Long> sections = new TreeMap<>();
    for (String name : files.names(folder)) {
      long address = number(files.text(folder + "/" + name));
      if (address != 0) {
        sections.put(name, address);
      }
    }
    return sections;
  }

  private static long number(String text) {
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text, 2, text.length(), 16)
          : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
