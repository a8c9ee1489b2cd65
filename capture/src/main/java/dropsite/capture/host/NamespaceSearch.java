package dropsite.capture.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the network namespaces of this box: those mounted by name, and those of its processes. */
final class NamespaceSearch {
  /** What the namespace of process 1 is called. */
  static final String ROOT = "(root)";

  private static final String MOUNTS = "run/netns";
  private static final String OWN = "proc/self/ns/net";
  private static final int MOST_PIDS = 4;

  private final HostFiles files;

  NamespaceSearch(HostFiles files) {
    this.files = files;
  }

  /** Returns them: the own one first, then that of process 1, those with names, and the others. */
  List<NetworkNamespace> find() {
    long own = linkedInode(OWN);
    Map<Long, NetworkNamespace> found = new LinkedHashMap<>();
    if (own != 0) {
      found.put(own, of(own, OWN, own));
    }
    add(found, linkedInode("proc/1/ns/net"), "proc/1/ns/net", ROOT, 1, own);
    for (String name : files.names(MOUNTS)) {
      add(found, mountedInode(MOUNTS + "/" + name), MOUNTS + "/" + name, name, 0, own);
    }
    for (String name : files.names("proc")) {
      if (Character.isDigit(name.charAt(0)) && name.length() < 10) {
        String link = "proc/" + name + "/ns/net";
        add(found, linkedInode(link), link, "", Integer.parseInt(name), own);
      }
    }
    return List.copyOf(found.values());
  }

  private NetworkNamespace of(long inode, String handle, long own) {
    return new NetworkNamespace(
        inode, new ArrayList<>(), new ArrayList<>(), files.at(handle), inode == own);
  }

  private void add(
      Map<Long, NetworkNamespace> found,
      long inode,
      String handle,
      String name,
      int pid,
      long own) {
    if (inode == 0) {
      return; // the process has ended, or may not be looked at
    }
    NetworkNamespace space = found.computeIfAbsent(inode, number -> of(number, handle, own));
    if (!name.isEmpty()) {
      space.names().add(name);
    }
    if (pid != 0 && space.pids().size() < MOST_PIDS && !space.pids().contains(pid)) {
      space.pids().add(pid);
    }
  }

  /** The link reads {@code net:[4026531840]} (namespaces(7)); 0 when it cannot be read. */
  private long linkedInode(String path) {
    try {
      String text = Files.readSymbolicLink(files.at(path)).toString();
      return text.matches("net:\\[\\d{1,18}\\]")
          ? Long.parseLong(text, 5, text.length() - 1, 10)
          : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** A file there is a namespace if it is on the kernel's file system for those, as our own is. */
  private long mountedInode(String path) {
    try {
      Path mounted = files.at(path);
      Object device = Files.getAttribute(files.at(OWN), "unix:dev");
      return device.equals(Files.getAttribute(mounted, "unix:dev"))
          ? ((Number) Files.getAttribute(mounted, "unix:ino")).longValue()
          : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
