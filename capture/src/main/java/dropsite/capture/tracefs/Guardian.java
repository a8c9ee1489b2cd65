package dropsite.capture.tracefs;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;

/**
 * A process that takes a trace instance away when this one is killed and cannot do it itself.
 *
 * <p>It is the system's shell, waiting for the end of its standard input: however this process
 * ends, the kernel closes that. On a box without a shell there is none, and what is left of a
 * killed recording is taken away by the next one.
 */
final class Guardian implements AutoCloseable {
  private static final String SHELL = "/bin/sh";

  /** Arguments: the folder of tracefs, the instance in it, the group of the event probes. */
  private static final String SCRIPT =
      """
      trap '' INT HUP QUIT TERM
      read -r released && exit
      cd "$1" || exit
      tries=0
      until rmdir "$2" || [ ! -d "$2" ] || [ $tries -eq 30 ]; do
        tries=$((tries + 1))
        sleep 1
      done
      probes=
      while read -r probe rest; do
        case $probe in
          e:"$3"/*) probes="$probes -:${probe#e:}" ;;
        esac
      done <dynamic_events
      for probe in $probes; do
        echo "$probe" >>dynamic_events
      done
      """;

  private final OutputStream lifeline;

  private Guardian(OutputStream lifeline) {
    this.lifeline = lifeline;
  }

  /**
   * Starts one.
   *
   * @param folder of the instance, relative to tracefs; it need not be there yet
   * @param group of its event probes
   */
  static Guardian of(Tracefs tracefs, String folder, String group) {
    ProcessBuilder builder =
        new ProcessBuilder(
                SHELL, "-c", SCRIPT, "dropsite", tracefs.path("").toString(), folder, group)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    try {
      return new Guardian(builder.start().getOutputStream());
    } catch (IOException e) {
      return new Guardian(OutputStream.nullOutputStream());
    }
  }

  /** Returns what it waits at: a line sends it away, the end sets it to work. */
  OutputStream lifeline() {
    return lifeline;
  }

  /** Sends it away: there is nothing left for it to do. */
  @Override
  public void close() {
    try (lifeline) {
      lifeline.write('\n');
    } catch (IOException e) {
      // It is gone already.
      return;
    }
  }
}
