package dropsite.analyze.cache;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that only its owner may enter, with entries of two files each. Readers take no lock: a
 * file appears whole, under its name, and stays readable for whoever has it mapped when it goes.
 * One process at a time writes and deletes, under a lock on a file in the folder.
 */
final class CacheFolder {
  private static final String SYMBOLS = ".gsym";
  private static final String UNFINISHED = ".unfinished";

  /** Of the note of how large an entry was that did not fit. */
  private static final String BYTES = ".bytes";

  /** Names of its files, of whatever version; any other file may be somebody's, and is let be. */
  private static final String OWN_NAME =
      "([0-9a-f]+-[0-9a-f]+-[0-9a-f]+\\.v[0-9]+)\\.gsym(\\.facts|\\.bytes)?(\\.unfinished)?";

  private static final String LOCK = "lock";
  private static final Path SELF = Path.of("/proc/self");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** Group's and others' permission to write: 022 in octal. */
  private static final int WRITABLE_BY_OTHERS = 0x12;

  /** How exactly "recently" is known; every use would otherwise write to the disk. */
  private static final long USE_MILLIS = 60_000;

  private final Path folder;

  CacheFolder(Path folder) {
    this.folder = folder;
  }

  /** Returns the symbol file of an entry. */
  Path symbols(String entry) {
    return folder.resolve(entry + SYMBOLS);
  }

  private Path note(String entry) {
    return folder.resolve(entry + SYMBOLS + BYTES);
  }

  /**
   * Returns whether it is there and nobody else can write into it. A link is not: what it leads to
   * is not the cache's to delete from.
   */
  boolean usable() throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    // By number: sets of permissions take longer to make than many a lookup.
    Map<String, Object> attributes =
        Files.readAttributes(folder, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
    boolean own =
        !Files.exists(SELF)
            || Objects.equals(Files.getAttribute(SELF, "unix:uid"), attributes.get("uid"));
    return own
        && attributes.get("mode") instanceof Integer mode
        && (mode & WRITABLE_BY_OTHERS) == 0;
  }

  /** Makes the folder, and those that it lies in, where they are missing. */
  void create() throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectories(folder.toAbsolutePath().getParent());
      } catch (FileAlreadyExistsException e) {
        throw new FileSystemException(folder.toString(), null, e.getFile() + " is not a folder");
      }
      try {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        // Another process was faster; usable() judges what is there now.
        return;
      }
    }
  }

  /** Work on the folder that may fail. */
  interface Work {
    void run() throws IOException;
  }

  /**
   * Does work while no other process writes.
   *
   * @return false when another process has the lock; the work is not done then
   */
  boolean exclusively(Work work) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK),
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return false;
      }
      work.run();
      return true;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return false;
    }
  }

  /** Writes the contents of a file. */
  interface Filler {
    void fill(OutputStream out) throws IOException;
  }

  /** Writes a file that appears under its name when all of it is on the disk. */
  void write(Path file, Filler filler) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    // A process that was killed may have left one.
    deleteFile(unfinished);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      filler.fill(Channels.newOutputStream(channel));
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns how much more the disk can hold. */
  long roomBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  /**
   * Notes that an entry was used; in a folder that is only to be read nothing is evicted either.
   */
  void touch(String entry) {
    File file = SymbolFileMaker.besides(symbols(entry)).toFile();
    long now = System.currentTimeMillis();
    if (file.lastModified() + USE_MILLIS < now) {
      var _ = file.setLastModified(now);
    }
  }

  /** Returns how much the two files of an entry take. */
  long sizeBytes(String entry) throws IOException {
    return Files.size(symbols(entry)) + Files.size(SymbolFileMaker.besides(symbols(entry)));
  }

  /** Returns the size noted of an entry that did not fit; 0 when none is. */
  long notedBytes(String entry) throws IOException {
    Path note = note(entry);
    if (!isFile(note)) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(note, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      // Damaged: it is noted anew when it still does not fit.
      return 0;
    }
  }

  /** Deletes an entry and notes its size, so that it is not made in vain again. */
  void replaceByNote(String entry) throws IOException {
    byte[] size = Long.toString(sizeBytes(entry)).getBytes(StandardCharsets.ISO_8859_1);
    delete(entry);
    write(note(entry), out -> out.write(size));
  }

  /** Deletes an entry; the sidecar first, without which the rest counts for nothing. */
  void delete(String entry) throws IOException {
    deleteFile(SymbolFileMaker.besides(symbols(entry)));
    deleteFile(symbols(entry));
  }

  /** Deletes the note of an entry's size, if there is one. */
  void deleteNote(String entry) throws IOException {
    deleteFile(note(entry));
  }

  /** Deletes a file: neither a folder nor a link, which the cache never makes. */
  private static void deleteFile(Path file) throws IOException {
    if (isFile(file)) {
      Files.deleteIfExists(file);
    }
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Deletes what was never finished, and the entries unused longest until the rest fits.
   *
   * @param spared the entry that goes last; null for none
   */
  void evict(long capBytes, @Nullable String spared) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Pattern own = Pattern.compile(OWN_NAME);
    for (Path file : files()) {
      Matcher name = own.matcher(file.getFileName().toString());
      if (!name.matches() || !isFile(file)) {
        continue;
      }
      String entry = name.group(1);
      if (name.group(3) != null) {
        deleteFile(file);
      } else if (name.group(2) == null) {
        Path facts = SymbolFileMaker.besides(file);
        if (isFile(facts)) {
          entries.add(new Entry(entry, sizeBytes(entry), Files.getLastModifiedTime(facts)));
        } else {
          delete(entry);
        }
      }
    }
    entries.sort(
        Comparator.comparing((Entry entry) -> entry.name.equals(spared))
            .thenComparing(Entry::used));
    long total = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry oldest : entries) {
      if (total <= capBytes) {
        return;
      }
      delete(oldest.name);
      total -= oldest.bytes;
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** An entry as it stands in the folder, and when it was last used. */
  private record Entry(String name, long bytes, FileTime used) {}
}
