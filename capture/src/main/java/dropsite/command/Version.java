package dropsite.command;

import java.util.Optional;

/** What {@code --version} prints. */
public final class Version {
  private Version() {}

  /** Returns the version from the jar's manifest; classes outside a jar have none. */
  public static String line() {
    return "dropsite "
        + Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
  }
}
