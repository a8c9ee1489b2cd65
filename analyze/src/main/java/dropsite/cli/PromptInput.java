package dropsite.cli;

import java.io.FilterInputStream;
import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;

/**
 * Input that may be long in coming: what was made of the input so far is handed over before each
 * wait for more. Whoever watches a pipe sees a stack when it is whole, and a long input is not
 * printed in small portions.
 */
final class PromptInput extends FilterInputStream {
  private final Flushable out;

  /**
   * @param input to read
   * @param out what is made of it
   */
  PromptInput(InputStream input, Flushable out) {
    super(input);
    this.out = out;
  }

  @Override
  public int read() throws IOException {
    out.flush();
    return super.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    out.flush();
    return super.read(bytes, offset, length);
  }
}
