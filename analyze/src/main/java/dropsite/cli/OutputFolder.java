package dropsite.cli;

import dropsite.command.CommandFailure;
import dropsite.command.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder that gets one file for each input, under the input's own name. A file has that name only
 * when it is whole.
 */
final class OutputFolder {
  private static final String UNFINISHED = ".part";

  private final Map<String, Path> targets;

  private OutputFolder(Map<String, Path> targets) {
    this.targets = targets;
  }

  /**
   * Prepares a folder, which is made if it is not there.
   *
   * @param folder to write into
   * @param sources as the user named them
   * @param suffix put behind each name; may be empty
   * @throws CommandFailure when two sources would share a file, or one would be written over
   */
  static OutputFolder at(Path folder, List<String> sources, String suffix) throws IOException {
    Map<String, Path> targets = new HashMap<>();
    Map<Path, String> taken = new HashMap<>();
    for (String source : sources) {
      if (source.equals(InputFiles.STANDARD_INPUT)) {
        throw new CommandFailure("standard input has no name that its output could have");
      }
      Path target = folder.resolve(Path.of(source).getFileName() + suffix);
      String other = taken.putIfAbsent(target, source);
      if (other != null && !other.equals(source)) {
        throw new CommandFailure(other + " and " + source + " would both become " + target);
      }
      targets.put(source, target);
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new CommandFailure(folder + ": is no folder");
    }
    Files.createDirectories(folder);
    Map<Path, String> inputs = new HashMap<>();
    for (String source : sources) {
      Path input = Path.of(source);
      if (Files.exists(input)) {
        inputs.put(input.toRealPath(), source);
      }
    }
    for (Path target : targets.values()) {
      String input = Files.exists(target) ? inputs.get(target.toRealPath()) : null;
      if (input != null) {
        throw new CommandFailure(input + ": would be written over by what is made of it");
      }
    }
    return new OutputFolder(targets);
  }

  /** Opens what will be the file of a source, empty. */
  Output open(String source) throws IOException {
    return Output.to(unfinished(source));
  }

  /** Gives the file of a source its name; it has been closed. */
  void finish(String source) throws IOException {
    Files.move(unfinished(source), target(source), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path unfinished(String source) {
    return target(source).resolveSibling(target(source).getFileName() + UNFINISHED);
  }

  private Path target(String source) {
    Path target = targets.get(source);
    if (target == null) {
      throw new IllegalArgumentException(source + " was not announced");
    }
    return target;
  }
}
