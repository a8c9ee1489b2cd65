package dropsite.cli;

import dropsite.analyze.report.Wording;
import dropsite.command.Streams;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The recordings that the user named, {@code -} being standard input. */
final class InputFiles {
  static final String STANDARD_INPUT = "-";

  private final Streams streams;

  InputFiles(Streams streams) {
    this.streams = streams;
  }

  /** Refuses what cannot be read before any work is done. */
  void check(List<String> files) throws IOException {
    for (String file : files) {
      if (!file.equals(STANDARD_INPUT)) {
        Path path = path(file);
        if (Files.isDirectory(path)) {
          throw new FileSystemException(file, null, "is a directory");
        }
        if (!Files.exists(path)) {
          throw new NoSuchFileException(file);
        }
      }
    }
  }

  InputStream open(String file) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return new LeftOpen(streams.in());
    }
    Path path = path(file);
    return new ReadingProgress(streams).told(file, Files.size(path), Files.newInputStream(path));
  }

  /** Returns what messages call a file. */
  static String name(String file) {
    return file.equals(STANDARD_INPUT) ? "standard input" : file;
  }

  /** Returns what messages call several files, none left out but in number. */
  static String names(List<String> files) {
    int more = files.size() - 1;
    return name(files.getFirst()) + (more > 0 ? " and " + Wording.plural(more, "other") : "");
  }

  private static Path path(String file) throws NoSuchFileException {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new NoSuchFileException(file);
    }
  }

  /** Standard input is not ours to close. */
  private static final class LeftOpen extends FilterInputStream {
    LeftOpen(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // Nothing to do.
    }
  }
}
