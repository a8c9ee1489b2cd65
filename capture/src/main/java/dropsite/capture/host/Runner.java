package dropsite.capture.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds and runs programs. */
interface Runner {
  /** Returns where a program lies, symbolic links not followed; empty when not installed. */
  Optional<Path> find(String program);

  /** Returns the name of the file that a program's symbolic links lead to. */
  String target(Path program);

  /**
   * Runs a program in the network namespace of the calling thread.
   *
   * @param command its path and arguments
   * @param mostNanos after which it is killed, with what it started
   * @param mostBytes of output, beyond which it is killed too
   */
  Output run(List<String> command, long mostNanos, int mostBytes) throws InterruptedException;

  /**
   * What came out.
   *
   * @param bytes that it printed
   * @param cut whether it had more to say
   * @param problem what went wrong; empty when nothing did
   */
  @SuppressWarnings("ArrayRecordComponent") // never changed, and large
  record Output(byte[] bytes, boolean cut, String problem) {}
}
