package dropsite.analyze.cache;

import dropsite.bytes.MalformedInputException;
import dropsite.dwarf.DwarfFile;
import dropsite.elf.ElfImage;
import dropsite.facts.CompletedSymbols;
import dropsite.facts.FactsFile;
import dropsite.facts.Origin;
import dropsite.gsym.GsymFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Symbol files made from kernels that were asked before, by build-id, under the user's cache
 * folder.
 *
 * <p>It saves time and nothing else: answers are those of the file itself, and whatever is wrong
 * with the cache, they come from the file.
 */
public final class IndexCache {
  /** How much the cache may hold, in megabytes of 10⁶ bytes; 0 for no cache. */
  public static final String CAP_VARIABLE = "DROPSITE_CACHE_MB";

  private static final long BYTES_PER_MEGABYTE = 1_000_000;
  private static final long DEFAULT_MEGABYTES = 1_000;
  private static final String FOLDER = "dropsite";

  /**
   * Of the answers that are kept: to be raised with every change of what a symbol file or its
   * sidecar says of the same kernel. It is part of the name, so that no version reads what another
   * one wrote.
   */
  private static final int ANSWERS_VERSION = 2;

  /** A kernel's entry is about a 27th of it; with less room there is no use in starting. */
  private static final long ROOM_SHARE = 32;

  private final @Nullable CacheFolder folder;
  private final long capBytes;
  private final Consumer<String> talk;

  /** A file that has an index. */
  private @Nullable Path answering;

  /**
   * @param folder null for no cache
   * @param capBytes how much it may hold
   * @param talk told what is wrong with it
   */
  IndexCache(@Nullable CacheFolder folder, long capBytes, Consumer<String> talk) {
    this.folder = folder;
    this.capBytes = capBytes;
    this.talk = talk;
  }

  /**
   * Returns a cache that has nothing and keeps nothing.
   *
   * @param talk told what is wrong with symbol files that were made before, a sentence each
   */
  public static IndexCache off(Consumer<String> talk) {
    return new IndexCache(null, 0, talk);
  }

  /** Tells what is wrong with a symbol file that was made before. */
  public void tell(String line) {
    talk.accept(line);
  }

  /**
   * Returns the cache that an environment names: in {@code $XDG_CACHE_HOME}, else in {@code
   * $HOME/.cache} (XDG Base Directory Specification).
   *
   * @param talk told what is wrong with the cache, a sentence each
   */
  public static IndexCache of(Map<String, String> environment, Consumer<String> talk) {
    long megabytes = megabytes(environment.getOrDefault(CAP_VARIABLE, ""), talk);
    String home = environment.getOrDefault("HOME", "");
    String named = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The specification says to leave relative paths alone.
    String parent = named.startsWith("/") ? named : home.startsWith("/") ? home + "/.cache" : "";
    if (parent.isEmpty() || megabytes == 0) {
      return new IndexCache(null, 0, talk);
    }
    Path folder = Path.of(parent).resolve(FOLDER);
    return new IndexCache(new CacheFolder(folder), megabytes * BYTES_PER_MEGABYTE, talk);
  }

  private static long megabytes(String cap, Consumer<String> talk) {
    if (cap.isEmpty()) {
      return DEFAULT_MEGABYTES;
    }
    try {
      return Integer.parseUnsignedInt(cap) & 0xffffffffL;
    } catch (NumberFormatException e) {
      talk.accept(CAP_VARIABLE + "=" + cap + ": not a number of megabytes, not used");
      return DEFAULT_MEGABYTES;
    }
  }

  /**
   * Returns an image with what is kept of its debugging information; empty when nothing is, or not
   * of this state of the file.
   *
   * @param image belongs to the result, if there is one
   * @param path that it was opened from
   */
  public Optional<CachedSymbols> open(ElfImage image, Path path) {
    if (folder == null) {
      return Optional.empty();
    }
    try {
      FileStamp stamp = FileStamp.of(path);
      String entry = entry(image, stamp);
      if (entry == null || !folder.usable()) {
        return Optional.empty();
      }
      CompletedSymbols made = read(folder, entry, image, stamp);
      if (made == null) {
        return Optional.empty();
      }
      answering = path;
      return Optional.of(new CachedSymbols(image, path, made, talk));
    } catch (IOException e) {
      // What cannot be read is not there: the file itself answers.
      return Optional.empty();
    }
  }

  /** Returns an entry, or null when there is none that is whole. */
  private @Nullable CompletedSymbols read(
      CacheFolder folder, String entry, ElfImage image, FileStamp stamp) throws IOException {
    Path symbolFile = folder.symbols(entry);
    FactsFile facts = null;
    GsymFile symbols = null;
    boolean whole = false;
    try {
      facts = FactsFile.open(SymbolFileMaker.besides(symbolFile));
      symbols = GsymFile.open(symbolFile);
      Origin found = facts.origin();
      if (!found.madeWith(symbols.bytes())
          || !found.buildId().equals(image.buildId().orElse(""))
          || found.sourceBytes() != stamp.bytes()
          || found.sourceTimeNanos() != stamp.timeNanos()) {
        throw new MalformedInputException(symbolFile.toString(), "is damaged");
      }
      whole = true;
      folder.touch(entry);
      return new CompletedSymbols(symbols, facts);
    } catch (NoSuchFileException e) {
      return null;
    } catch (MalformedInputException e) {
      talk.accept(e.getMessage() + "; not used");
      folder.delete(entry);
      return null;
    } finally {
      if (!whole) {
        close(symbols);
        close(facts);
      }
    }
  }

  private static void close(@Nullable GsymFile symbols) {
    if (symbols != null) {
      symbols.close();
    }
  }

  private static void close(@Nullable FactsFile facts) {
    if (facts != null) {
      facts.close();
    }
  }

  /** Returns the name of an image's entry; null when nothing is kept of such images. */
  private static @Nullable String entry(ElfImage image, FileStamp stamp) {
    String buildId = image.buildId().orElse("");
    boolean fits = !buildId.isEmpty() && buildId.length() <= 2 * Origin.MAX_BUILD_ID_BYTES;
    return !fits || image.relocatable()
        ? null
        : buildId
            + "-"
            + Long.toHexString(stamp.bytes())
            + "-"
            + Long.toHexString(stamp.timeNanos())
            + ".v"
            + ANSWERS_VERSION;
  }

  /**
   * Keeps an index of a file, unless there is one. Takes seconds of all processors, and never
   * fails: whatever goes wrong, the answers are out already.
   *
   * @param asked whether the user asked for it, and so is to be told why it is not done
   */
  public void keep(Path file, boolean asked) {
    if (file.equals(answering)) {
      return;
    }
    Consumer<String> tell = asked ? talk : line -> {};
    CacheFolder target = folder;
    if (target == null) {
      tell.accept(
          "no index cache: neither XDG_CACHE_HOME nor HOME names a folder, or it may hold 0");
      return;
    }
    try {
      target.create();
      if (!target.usable()) {
        tell.accept(
            target
                + ": is not a folder, belongs to another user, or others may write into it; not"
                + " used");
      } else if (!target.exclusively(() -> make(target, file, tell))) {
        tell.accept(target + ": another process is writing into it");
      }
    } catch (AccessDeniedException e) {
      tell.accept(target + ": no permission to write into it");
    } catch (FileSystemException e) {
      tell.accept(
          target
              + ": "
              + Objects.requireNonNullElseGet(
                  e.getReason(), () -> e.getClass().getSimpleName() + " at " + e.getFile()));
    } catch (IOException | MalformedInputException | IllegalStateException e) {
      tell.accept(target + ": " + file + " is not kept: " + e.getMessage());
    } catch (OutOfMemoryError e) {
      tell.accept(
          file + ": not enough memory for an index of it (DROPSITE_JAVA_OPTS=-Xmx8g allows 8 GB)");
    } catch (RuntimeException | VirtualMachineError e) {
      // A mistake of ours, or a file cut while it was mapped: no reason to fail a finished run.
      tell.accept(target + ": " + file + " is not kept: " + e);
    }
  }

  private void make(CacheFolder target, Path file, Consumer<String> tell) throws IOException {
    FileStamp stamp = FileStamp.of(file);
    String made = null;
    try (DwarfFile source = DwarfFile.open(file)) {
      String entry = entry(source.image(), stamp);
      // Without symbols even padding is searched for functions, which no symbol file can tell.
      if (entry == null || !source.hasDwarf() || !source.image().symbols().any()) {
        tell.accept(file + ": nothing to keep an index of");
        return;
      }
      try (CompletedSymbols there = read(target, entry, source.image(), stamp)) {
        if (there != null) {
          return;
        }
      }
      if (target.notedBytes(entry) > capBytes) {
        tell.accept(tooLarge(file, target.notedBytes(entry)));
        return;
      }
      if (target.roomBytes() < stamp.bytes() / ROOM_SHARE) {
        tell.accept(target + ": not enough room for an index of " + file);
        return;
      }
      if (source.unitsOverlap()) {
        tell.accept(file + ": is not kept: some of its code is claimed by two units");
        return;
      }
      SymbolFileMaker maker = new SymbolFileMaker(source, true, false);
      if (!source.selfContained() || maker.regionCount() == 0) {
        tell.accept(file + ": is not kept: its debugging information is not all in it");
        return;
      }
      Path symbols = target.symbols(entry);
      target.write(symbols, maker::writeSymbols);
      target.write(SymbolFileMaker.besides(symbols), out -> maker.writeFacts(out, stamp));
      long sizeBytes = target.sizeBytes(entry);
      if (sizeBytes > capBytes) {
        target.replaceByNote(entry);
        tell.accept(tooLarge(file, sizeBytes));
      } else {
        target.deleteNote(entry);
        made = entry;
      }
    } finally {
      target.evict(capBytes, made);
    }
  }

  private String tooLarge(Path file, long sizeBytes) {
    return file
        + ": an index of it takes "
        + Math.ceilDiv(sizeBytes, BYTES_PER_MEGABYTE)
        + " megabytes; with "
        + CAP_VARIABLE
        + "="
        + capBytes / BYTES_PER_MEGABYTE
        + " it is not kept";
  }
}
