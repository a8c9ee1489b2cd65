package dropsite.analyze.report.html;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a page has besides its contents, and the policy (CSP, w3.org/TR/CSP3) that lets a browser
 * use that and nothing else: no script of anybody else runs, and nothing is loaded.
 *
 * @param style the style sheet
 * @param scripts in the order in which they run
 * @param policy value of the header Content-Security-Policy
 */
record Assets(String style, List<String> scripts, String policy) {
  private static final List<String> FLAME_GRAPH =
      List.of("d3-7.9.0.min.js", "d3-flame-graph-5.0.0.min.js");

  /** Of the style element that d3-flame-graph 5.0.0 adds to the page. */
  private static final String FLAME_GRAPH_STYLE =
      "'sha256-PjPkXjWPssRCMzB6p5SnF25xrwIH7ThbVHWlE+SG1DE='";

  /** Copies the list. */
  Assets {
    scripts = List.copyOf(scripts);
  }

  /**
   * Reads those of a page.
   *
   * @param flames whether it has a flame graph
   */
  static Assets load(boolean flames) {
    String style = resource("report.css");
    List<String> scripts = new ArrayList<>();
    if (flames) {
      FLAME_GRAPH.forEach(name -> scripts.add(resource(name)));
    }
    scripts.add(resource("report.js"));
    StringBuilder policy = new StringBuilder("default-src 'none'; script-src");
    scripts.forEach(script -> policy.append(' ').append(hash(script)));
    policy
        .append("; style-src ")
        .append(hash(style))
        .append(' ')
        .append(FLAME_GRAPH_STYLE)
        .append("; base-uri 'none'; form-action 'none'");
    return new Assets(style, scripts, policy.toString());
  }

  private static String resource(String name) {
    try (InputStream input = Assets.class.getResourceAsStream(name)) {
      if (input == null) {
        throw new FileNotFoundException(name);
      }
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
