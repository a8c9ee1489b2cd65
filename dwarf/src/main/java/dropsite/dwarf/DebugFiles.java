package dropsite.dwarf;

import dropsite.bytes.ByteCursor;
import dropsite.bytes.Bytes;
import dropsite.bytes.MalformedInputException;
import dropsite.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The other files that debugging information points to: separate debug files (.gnu_debuglink,
 * build-id), dwz's supplementary files and split DWARF. Opened once, closed together.
 */
final class DebugFiles implements AutoCloseable {
  private static final Path GLOBAL = Path.of("/usr/lib/debug");

  private final Path origin;
  private final Map<Path, ElfImage> opened = new HashMap<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * @param origin the file whose debugging information is read; others are sought beside it
   */
  DebugFiles(Path origin) {
    this.origin = origin;
  }

  /** Returns what was pointed to and not found, a sentence each. */
  synchronized List<String> missing() {
    return List.copyOf(missing);
  }

  /** Returns whether no other file has been needed. */
  synchronized boolean noneOpened() {
    return opened.isEmpty();
  }

  synchronized void noteMissing(String sentence) {
    if (!missing.contains(sentence)) {
      missing.add(sentence);
    }
  }

  /**
   * Returns the separate file with the debugging information of a stripped image: by build-id under
   * the global debug directory, then by .gnu_debuglink (GDB manual, "Separate Debug Files"); null
   * when there is none.
   */
  @Nullable ElfImage separateFileOf(ElfImage image) {
    String id = image.buildId().orElse("");
    if (id.length() > 2) {
      Path byId =
          GLOBAL
              .resolve(".build-id")
              .resolve(id.substring(0, 2))
              .resolve(id.substring(2) + ".debug");
      ElfImage found = tryOpen(byId);
      if (found != null) {
        return found;
      }
    }
    Bytes link = image.debugSection(".gnu_debuglink").orElse(null);
    return link == null ? null : linked(link);
  }

  private @Nullable ElfImage linked(Bytes link) {
    String name = link.stringAt(0);
    long crcOffset = (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + 4L) & ~3L;
    int crc = link.cursor(crcOffset).s32();
    Path folder = absolute(origin).getParent();
    Path plain = path(name).getFileName();
    if (folder == null || plain == null) {
      return null;
    }
    Path global = GLOBAL.resolve(folder.toString().substring(1)).resolve(plain);
    for (Path candidate :
        List.of(folder.resolve(plain), folder.resolve(".debug").resolve(plain), global)) {
      if (Files.isRegularFile(candidate) && !sameFile(candidate, origin)) {
        if (crcOf(candidate) == crc) {
          return tryOpen(candidate);
        }
        noteMissing(candidate + " is not the debug file of " + origin + ": its CRC differs");
      }
    }
    noteMissing("separate debug file " + plain + " of " + origin + " was not found");
    return null;
  }

  /**
   * Returns dwz's supplementary file, named by .gnu_debugaltlink or .debug_sup (DWARF 5 §7.3.6);
   * null when there is none or it cannot be found.
   */
  @Nullable ElfImage supplementOf(ElfImage image) {
    Bytes link = image.debugSection(".gnu_debugaltlink").orElse(null);
    if (link != null) {
      ByteCursor cursor = link.cursor(0);
      return supplement(
          image, cursor.string(), link.copy(cursor.position(), (int) cursor.remaining()));
    }
    Bytes sup = image.debugSection(".debug_sup").orElse(null);
    if (sup == null) {
      return null;
    }
    ByteCursor cursor = sup.cursor(0);
    int version = cursor.u16();
    boolean isSupplement = cursor.u8() != 0;
    if (version != 5 || isSupplement) {
      return null;
    }
    String name = cursor.string();
    long size = cursor.uleb();
    if (size < 0 || size > cursor.remaining()) {
      throw cursor.malformed("checksum of " + Long.toUnsignedString(size) + " bytes");
    }
    return supplement(image, name, sup.copy(cursor.position(), (int) size));
  }

  private @Nullable ElfImage supplement(ElfImage image, String name, byte[] id) {
    String hex = HexFormat.of().formatHex(id);
    Path folder = absolute(Path.of(image.file())).getParent();
    List<Path> candidates = new ArrayList<>();
    Path named = path(name);
    if (folder != null) {
      candidates.add(folder.resolve(named));
      Path last = named.getFileName();
      if (last != null) {
        candidates.add(folder.resolve(last));
        candidates.add(folder.resolve(".dwz").resolve(last));
      }
    }
    if (hex.length() > 2) {
      candidates.add(
          GLOBAL
              .resolve(".build-id")
              .resolve(hex.substring(0, 2))
              .resolve(hex.substring(2) + ".debug"));
    }
    for (Path candidate : candidates) {
      ElfImage found = tryOpen(candidate);
      if (found != null) {
        if (identifies(found, hex)) {
          return found;
        }
        noteMissing(candidate + " is not the supplementary file of " + image.file());
      }
    }
    noteMissing("supplementary file " + name + " of " + image.file() + " was not found");
    return null;
  }

  /** A .debug_sup names its partner by the checksum in that file's own .debug_sup. */
  private static boolean identifies(ElfImage found, String hex) {
    if (found.buildId().map(hex::equals).orElse(false)) {
      return true;
    }
    Bytes sup = found.debugSection(".debug_sup").orElse(null);
    if (sup == null || sup.sizeBytes() < 5) {
      return false;
    }
    ByteCursor cursor = sup.cursor(3);
    cursor.skipString();
    long size = cursor.uleb();
    return size >= 0
        && size <= cursor.remaining()
        && HexFormat.of().formatHex(sup.copy(cursor.position(), (int) size)).equals(hex);
  }

  /** Returns the package file beside the origin: {@code NAME.dwp}; null when there is none. */
  @Nullable ElfImage packageFile() {
    return tryOpen(origin.resolveSibling(origin.getFileName() + ".dwp"));
  }

  /**
   * Returns a split DWARF file.
   *
   * @param name DW_AT_dwo_name
   * @param compilationDirectory DW_AT_comp_dir; may be null
   */
  @Nullable ElfImage splitFile(String name, @Nullable String compilationDirectory) {
    Path named = path(name);
    List<Path> candidates = new ArrayList<>();
    candidates.add(
        compilationDirectory == null ? named : path(compilationDirectory).resolve(named));
    if (!named.isAbsolute()) {
      candidates.add(origin.resolveSibling(named));
    }
    Path last = named.getFileName();
    if (last != null) {
      candidates.add(origin.resolveSibling(last));
    }
    for (Path candidate : candidates) {
      ElfImage found = tryOpen(candidate);
      if (found != null) {
        return found;
      }
    }
    noteMissing("split DWARF file " + name + " of " + origin + " was not found");
    return null;
  }

  private synchronized @Nullable ElfImage tryOpen(Path path) {
    ElfImage known = opened.get(path);
    if (known != null) {
      return known;
    }
    if (!Files.isRegularFile(path)) {
      return null;
    }
    try {
      ElfImage image = ElfImage.open(path);
      opened.put(path, image);
      return image;
    } catch (IOException e) {
      noteMissing(path + " cannot be read: " + e.getMessage());
      return null;
    }
  }

  /** Returns a path as a debug file names it; an empty one when this system cannot express it. */
  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      return Path.of("");
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static boolean sameFile(Path left, Path right) {
    return absolute(left).equals(absolute(right));
  }

  private static int crcOf(Path path) {
    CRC32 crc = new CRC32();
    try (var in = Files.newInputStream(path)) {
      byte[] chunk = new byte[1 << 16];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        crc.update(chunk, 0, count);
      }
    } catch (IOException e) {
      throw new MalformedInputException(path.toString(), "cannot be read: " + e.getMessage());
    }
    return (int) crc.getValue();
  }

  @Override
  public synchronized void close() {
    opened.values().forEach(ElfImage::close);
    opened.clear();
  }
}
