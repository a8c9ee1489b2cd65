package dropsite.bytes;

/**
 * Input that breaks the rules of its format: one line naming the file, the section and the offset.
 *
 * <p>Unchecked, because every read of hostile bytes may end in it; commands catch it once and print
 * its message.
 */
public final class MalformedInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file the file as the user named it
   * @param section the section inside the file, or a word such as {@code header}
   * @param offset where it went wrong, in bytes from the start of the section
   * @param problem what was expected and what was found
   */
  public MalformedInputException(String file, String section, long offset, String problem) {
    super(file + ": " + section + "+0x" + Long.toHexString(offset) + ": " + problem);
  }

  /**
   * @param file the file as the user named it
   * @param problem what is wrong with the file as a whole
   */
  public MalformedInputException(String file, String problem) {
    super(file + ": " + problem);
  }
}
