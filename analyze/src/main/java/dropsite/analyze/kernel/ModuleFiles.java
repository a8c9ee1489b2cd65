package dropsite.analyze.kernel;

import dropsite.bytes.MalformedInputException;
import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a folder of modules, found by module name and opened when first asked for. */
final class ModuleFiles implements AutoCloseable {
  private static final List<String> SUFFIXES = List.of(".ko.debug", ".ko", ".gsym.xz", ".gsym");

  /** As many kernels as any folder holds. */
  private static final int MOST_OF_ONE_NAME = 1000;

  private static final int MOST_KNOWN = 10_000;

  private final Map<String, List<Path>> files;
  private final Map<Wanted, Optional<DebugSymbols>> open = new HashMap<>();
  private final List<String> skipped = new ArrayList<>();
  private @Nullable Path vmlinux;
  private KernelFacts facts = KernelFacts.NONE;
  private boolean force;
  private @Nullable BuiltFor kernel;

  private ModuleFiles(Map<String, List<Path>> files) {
    this.files = files;
  }

  /**
   * A module of a build.
   *
   * @param buildId lower-case hex; null when not known
   */
  private record Wanted(String module, @Nullable String buildId) {}

  /** Returns no files. */
  static ModuleFiles none() {
    return new ModuleFiles(Map.of());
  }

  /** Returns files opened already, by module name. */
  static ModuleFiles opened(Map<String, DebugSymbols> symbols) {
    ModuleFiles files = new ModuleFiles(Map.of());
    symbols.forEach((name, file) -> files.open.put(new Wanted(name, null), Optional.of(file)));
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
    if (modules.files.isEmpty() && Files.isRegularFile(start)) {
      throw new MalformedInputException(
          folder.toString(), "is neither a folder of modules nor a module");
    }
    return modules;
  }

  /**
   * Says which kernel the modules are wanted of.
   *
   * @param kernelFile null when not at hand
   * @param recorded about the kernel
   * @param whatever whether modules of another kernel are taken where there is none of this one
   */
  void ofKernel(@Nullable Path kernelFile, KernelFacts recorded, boolean whatever) {
    vmlinux = kernelFile;
    facts = recorded;
    force = whatever;
  }

  /** Returns a sentence for each file or folder that was not looked at, or not used. */
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

  /**
   * Returns the debugging information of a module. Of several files of its name, as a folder for
   * several kernels holds, it is that of the build wanted, else the one that belongs to the kernel;
   * one that is known to belong to another kernel never answers, unless it is forced.
   *
   * @param buildId of the module that is wanted, lower-case hex; null when not known
   * @return empty when there is none
   */
  Optional<DebugSymbols> named(String module, @Nullable String buildId) throws IOException {
    Optional<DebugSymbols> given = open.get(new Wanted(module, null));
    List<Path> candidates = files.get(module);
    if (candidates == null) {
      return given == null ? Optional.empty() : given;
    }
    Wanted wanted = new Wanted(module, buildId);
    Optional<DebugSymbols> known = open.get(wanted);
    if (known == null) {
      known = buildId == null ? choose(candidates) : ofBuild(candidates, buildId);
      if (known.isEmpty() && buildId != null) {
        known = named(module, null);
      }
      // A hostile text may print any number of build-ids.
      if (open.size() < MOST_KNOWN || buildId == null) {
        open.put(wanted, known);
      }
    }
    return known;
  }

  private static Optional<DebugSymbols> ofBuild(List<Path> candidates, String buildId)
      throws IOException {
    for (Path file : candidates) {
      try {
        DebugSymbols symbols = SymbolFiles.open(file);
        if (symbols.buildId().filter(buildId::equals).isPresent()) {
          return Optional.of(symbols);
        }
        symbols.close();
      } catch (MalformedInputException e) {
        // Told where the module is looked for without its build-id.
      }
    }
    return Optional.empty();
  }

  private Optional<DebugSymbols> choose(List<Path> candidates) throws IOException {
    BuiltFor wanted = kernel();
    List<Path> ordered =
        candidates.stream()
            .sorted(Comparator.comparing((Path file) -> !wanted.namesFolderOf(file)))
            .toList();
    Path rejected = null;
    for (Path file : ordered) {
      try {
        if (!BuiltFor.ofModule(file).contradicts(wanted)) {
          return Optional.of(SymbolFiles.open(file));
        }
        rejected = rejected == null ? file : rejected;
      } catch (MalformedInputException e) {
        skipped.add(e.getMessage() + ": not used");
      } catch (AccessDeniedException e) {
        skipped.add(file + ": permission denied");
      }
    }
    if (rejected == null) {
      return Optional.empty();
    }
    BuiltFor other = BuiltFor.ofModule(rejected);
    skipped.add(
        String.format(
            "%s: is of %s, the kernel is %s: %s",
            rejected,
            other.inWords(wanted),
            wanted.inWords(other),
            force ? "used because of --force, lines may be wrong" : "not used"));
    return force ? Optional.of(SymbolFiles.open(rejected)) : Optional.empty();
  }

  private BuiltFor kernel() throws IOException {
    BuiltFor known = kernel;
    if (known == null) {
      known =
          vmlinux != null
              ? BuiltFor.ofKernel(vmlinux, facts)
              : facts.release() == null ? BuiltFor.UNKNOWN : new BuiltFor(facts.release(), true, 0);
      kernel = known;
    }
    return known;
  }

  @Override
  public void close() {
    open.values().forEach(symbols -> symbols.ifPresent(DebugSymbols::close));
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
        List<Path> named = files.computeIfAbsent(name, it -> new ArrayList<>());
        if (named.size() < MOST_OF_ONE_NAME) {
          named.add(file);
        }
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
