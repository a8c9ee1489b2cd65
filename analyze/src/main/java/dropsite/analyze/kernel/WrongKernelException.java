package dropsite.analyze.kernel;

/** A file of debugging information belongs to another build than the recording. */
public final class WrongKernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongKernelException(String file, String fileBuildId, String recording, String recordedBuildId) {
    super(
        file
            + ": build-id "
            + fileBuildId
            + " is not that of the recorded kernel, "
            + recordedBuildId
            + " ("
            + recording
            + "); --force uses it all the same");
  }
}
