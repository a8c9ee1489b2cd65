package dropsite.analyze.kernel;

import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a folder of modules, found by module name and opened when first asked for. */
final class ModuleFiles implements AutoCloseable {
  private static final List<String> SUFFIXES = List.of(".ko.debug", ".ko", ".gsym.xz", ".gsym");

  private final Map<String, Path> files;
  private final Map<String, DebugSymbols> open = new HashMap<>();
  private final List<String> skipped = new ArrayList<>();

  private ModuleFiles(Map<String, Path> files) {
    this.files = files;
  }

  /** Returns no files. */
  static ModuleFiles none() {
    return new ModuleFiles(Map.of());
  }

  /** Returns files opened already, by module name. */
  static ModuleFiles opened(Map<String, DebugSymbols> symbols) {
    ModuleFiles files = new ModuleFiles(Map.of());
    files.open.putAll(symbols);
    return files;
  }

  /**
   * Lists a folder and the folders in it; opens nothing. What cannot be listed below the folder is
   * skipped, and named by {@link #skipped}.
   */
  static ModuleFiles in(Path folder) throws IOException {
    // The tree is walked without following links, so that it ends; the start may be one.
    Path start = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
    ModuleFiles modules = new ModuleFiles(new HashMap<>());
    Files.walkFileTree(start, modules.new Lister(start));
    return modules;
  }

  /** Returns a sentence for each file or folder that could not be looked at. */
  List<String> skipped() {
    return skipped;
  }

  /** Returns the module that a file is named after, dashes made underscores as the kernel does. */
  private static @Nullable String moduleName(Path path) {
    String file = path.getFileName().toString();
    for (String suffix : SUFFIXES) {
      if (file.endsWith(suffix)) {
        return file.substring(0, file.length() - suffix.length()).replace('-', '_');
      }
    }
    return null;
  }

  /** Returns the debugging information of a module, or empty when the folder has no such file. */
  Optional<DebugSymbols> named(String module) throws IOException {
    DebugSymbols symbols = open.get(module);
    if (symbols == null) {
      Path file = files.get(module);
      if (file == null) {
        return Optional.empty();
      }
      symbols = SymbolFiles.open(file);
      open.put(module, symbols);
    }
    return Optional.of(symbols);
  }

  @Override
  public void close() {
    open.values().forEach(DebugSymbols::close);
  }

  /** Notes the modules of a tree. */
  private final class Lister extends SimpleFileVisitor<Path> {
    private final Path start;

    Lister(Path start) {
      this.start = start;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = moduleName(file);
      if (name != null) {
        files.putIfAbsent(name, file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
      if (file.equals(start)) {
        throw problem;
      }
      return skip(file, problem);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem) {
      return problem == null ? FileVisitResult.CONTINUE : skip(directory, problem);
    }

    private FileVisitResult skip(Path path, IOException problem) {
      String reason =
          problem instanceof AccessDeniedException
              ? "permission denied"
              : problem.getClass().getSimpleName();
      skipped.add(path + ": cannot be searched for modules: " + reason);
      return FileVisitResult.CONTINUE;
    }
  }
}
