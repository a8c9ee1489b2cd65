package dropsite.dwarf;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The files and directories of a line program's header (DWARF 5 §6.2.4), read and joined to paths
 * on demand: a unit names hundreds, of which its code needs a few.
 *
 * <p>Before DWARF 5 files count from 1 and directory 0 is the compilation directory, which is not
 * in the table; since DWARF 5 both count from 0 and directory 0 is in the table.
 */
final class FileTable {
  private final boolean fromZero;
  private final @Nullable String compilationDirectory;
  private final Texts texts;
  private final Entries directories = new Entries();
  private final Entries files = new Entries();

  /** Where names are. */
  interface Texts {
    /** Returns the text that a value of class string gives; null when its section is missing. */
    @Nullable String text(Die.Value value);
  }

  /** Names as stored, and of files also their directories; parallel. */
  private static final class Entries {
    private int[] forms = new int[8];
    private long[] names = new long[8];
    private long[] directories = new long[8];
    private @Nullable String[] texts = new @Nullable String[8];
    private int count;

    void add(Die.Value name, long directory) {
      if (count == names.length) {
        int capacity = count * 2;
        forms = Arrays.copyOf(forms, capacity);
        names = Arrays.copyOf(names, capacity);
        directories = Arrays.copyOf(directories, capacity);
        texts = Arrays.copyOf(texts, capacity);
      }
      forms[count] = name.form();
      names[count] = name.raw();
      directories[count] = directory;
      count++;
    }
  }

  /** A table without files. */
  FileTable() {
    this(true, null, value -> null);
  }

  FileTable(boolean fromZero, @Nullable String compilationDirectory, Texts texts) {
    this.fromZero = fromZero;
    this.compilationDirectory = compilationDirectory;
    this.texts = texts;
  }

  void addDirectory(Die.Value path) {
    directories.add(path, 0);
  }

  void addFile(Die.Value name, long directory) {
    files.add(name, directory);
  }

  /** Returns the full path of a file register's value; null when there is no such file. */
  @Nullable String path(long file) {
    long index = fromZero ? file : file - 1;
    if (index < 0 || index >= files.count) {
      return null;
    }
    int at = (int) index;
    // Threads may find the same twice.
    String known = files.texts[at];
    if (known == null) {
      known = join(text(files, at), files.directories[at]);
      files.texts[at] = known;
    }
    return known;
  }

  private String text(Entries entries, int at) {
    String text = texts.text(new Die.Value(entries.forms[at], entries.names[at]));
    return text == null ? "" : text;
  }

  private String join(String name, long directory) {
    if (absolute(name)) {
      return name;
    }
    String parent = directory(directory);
    String path = parent == null ? name : under(parent, name);
    if (absolute(path) || compilationDirectory == null || (fromZero && directory == 0)) {
      return path;
    }
    return under(compilationDirectory, path);
  }

  private @Nullable String directory(long number) {
    long index = fromZero ? number : number - 1;
    if (index < 0 || index >= directories.count) {
      return null;
    }
    int at = (int) index;
    String known = directories.texts[at];
    if (known == null) {
      known = text(directories, at);
      directories.texts[at] = known;
    }
    return known;
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
    return directories.count * 80 + files.count * 120;
  }
}
