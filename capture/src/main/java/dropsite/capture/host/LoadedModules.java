package dropsite.capture.host;

import java.util.HashSet;
import java.util.Set;

/**
 * Which parts of the kernel are there, so that asking about them loads nothing: as modules that are
 * loaded, or built in.
 */
final class LoadedModules {
  private final Set<String> names = new HashSet<>();
  private final boolean nothingCanBeLoaded;

  LoadedModules(HostFiles files) {
    // A kernel without modules has no such file; its parts are built in or do not exist.
    nothingCanBeLoaded =
        !files.has("proc/modules") || files.text("proc/sys/kernel/modules_disabled").equals("1");
    for (String line : files.lines("proc/modules")) {
      names.add(line.substring(0, Math.max(line.indexOf(' '), 0)));
    }
    // Of what is built in, sysfs knows only modules that have parameters.
    names.addAll(files.names("sys/module"));
    String release = files.text("proc/sys/kernel/osrelease");
    for (String path : files.lines("lib/modules/" + release + "/modules.builtin")) {
      String file = path.substring(path.lastIndexOf('/') + 1);
      names.add(file.replaceFirst("\\.ko$", "").replace('-', '_'));
    }
  }

  /** Returns whether a module is there, or can at least not be loaded by asking for it. */
  boolean safe(String module) {
    return nothingCanBeLoaded || names.contains(module);
  }
}
