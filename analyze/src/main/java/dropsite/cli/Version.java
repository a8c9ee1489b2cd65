package dropsite.cli;

import java.util.Optional;

/** What {@code --version} prints. */
final class Version {
  private Version() {}

  /** Returns the version from the jar's manifest; classes outside a jar have none. */
  static String line() {
    return "dropsite "
        + Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
  }
}
