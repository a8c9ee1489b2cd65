package dropsite.cli;

import dropsite.command.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder that gets one file for each input, under the input's own name. */
final class OutputFolder {
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
    WholeFile.refuseInputs(targets.values(), sources);
    return new OutputFolder(targets);
  }

  /** Opens what will be the file of a source, empty. */
  WholeFile open(String source) throws IOException {
    Path target = targets.get(source);
    if (target == null) {
      throw new IllegalArgumentException(source + " was not announced");
    }
    return WholeFile.at(target);
  }
}
