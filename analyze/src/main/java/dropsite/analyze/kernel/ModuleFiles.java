package dropsite.analyze.kernel;

import dropsite.symbols.DebugSymbols;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a folder of modules, found by module name and opened when first asked for. */
final class ModuleFiles implements AutoCloseable {
  private static final List<String> SUFFIXES = List.of(".ko.debug", ".ko", ".gsym.xz", ".gsym");

  private final Map<String, Path> files;
  private final Map<String, DebugSymbols> open = new HashMap<>();

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

  /** Lists a folder and the folders in it; opens nothing. */
  static ModuleFiles in(Path folder) throws IOException {
    Map<String, Path> files = new HashMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.forEach(path -> {
        String name = moduleName(path);
        if (name != null) {
          files.putIfAbsent(name, path);
        }
      });
    }
    return new ModuleFiles(files);
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
}
