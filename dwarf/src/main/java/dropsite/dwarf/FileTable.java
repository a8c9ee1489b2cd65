package dropsite.dwarf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files and directories of a line program's header (DWARF 5 §6.2.4), joined to paths on demand.
 *
 * <p>Before DWARF 5 files count from 1 and directory 0 is the compilation directory, which is not
 * in the table; since DWARF 5 both count from 0 and directory 0 is in the table.
 */
final class FileTable {
  private final boolean fromZero;
  private final @Nullable String compilationDirectory;
  private final List<String> directories = new ArrayList<>();
  private final List<Entry> files = new ArrayList<>();

  private static final class Entry {
    final String name;
    final long directory;
    @Nullable String path;

    Entry(String name, long directory) {
      this.name = name;
      this.directory = directory;
    }
  }

  /** A table without files. */
  FileTable() {
    this(true, null);
  }

  FileTable(boolean fromZero, @Nullable String compilationDirectory) {
    this.fromZero = fromZero;
    this.compilationDirectory = compilationDirectory;
  }

  void addDirectory(String path) {
    directories.add(path);
  }

  void addFile(String name, long directory) {
    files.add(new Entry(name, directory));
  }

  /** Returns the full path of a file register's value; null when there is no such file. */
  @Nullable String path(long file) {
    long index = fromZero ? file : file - 1;
    if (index < 0 || index >= files.size()) {
      return null;
    }
    Entry entry = files.get((int) index);
    if (entry.path == null) {
      entry.path = join(entry);
    }
    return entry.path;
  }

  private String join(Entry entry) {
    if (absolute(entry.name)) {
      return entry.name;
    }
    String directory = directory(entry.directory);
    String path = directory == null ? entry.name : under(directory, entry.name);
    boolean inCompilationDirectory = entry.directory == 0;
    if (absolute(path) || compilationDirectory == null || (fromZero && inCompilationDirectory)) {
      return path;
    }
    return under(compilationDirectory, path);
  }

  private @Nullable String directory(long number) {
    long index = fromZero ? number : number - 1;
    return index < 0 || index >= directories.size() ? null : directories.get((int) index);
  }

  private static String under(String directory, String name) {
    return directory.isEmpty() || directory.endsWith("/")
        ? directory + name
        : directory + "/" + name;
  }

  private static boolean absolute(String path) {
    return path.startsWith("/");
  }

  int weightBytes() {
    return directories.size() * 80 + files.size() * 120;
  }
}
