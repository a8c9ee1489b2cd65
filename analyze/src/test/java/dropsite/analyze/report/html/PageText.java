package dropsite.analyze.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/** What holds of every page, whatever it tells of. */
public final class PageText {
  private static final int MOST_ERRORS = 20;

  private PageText() {}

  /** Reads a page, after looking whether it is one that a browser can be trusted with. */
  public static Document checked(String html) {
    Parser parser = Parser.htmlParser().setTrackErrors(MOST_ERRORS);
    Document page = parser.parseInput(html, "");
    assertThat(parser.getErrors()).as("errors in the markup").isEmpty();
    assertThat(html.codePoints().filter(PageText::isUnsafe).boxed().toList())
        .as("control characters and marks of writing direction")
        .isEmpty();
    checkThatNothingIsLoaded(page);
    checkPolicy(page);
    checkLinks(page);
    return page;
  }

  private static boolean isUnsafe(int c) {
    return (c < ' ' && c != '\n')
        || (c >= 0x7f && c <= 0x9f)
        || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x2069);
  }

  private static void checkThatNothingIsLoaded(Document page) {
    assertThat(page.select("img, link, iframe, object, embed, base, form, audio, video, use"))
        .isEmpty();
    List<String> asking = new ArrayList<>();
    for (Element element : page.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        String name = attribute.getKey();
        boolean link = name.equals("href") && element.normalName().equals("a");
        if (name.startsWith("on")
            || List.of("src", "srcset", "style", "background", "xlink:href").contains(name)
            || (name.equals("href") && !link)) {
          asking.add(element.normalName() + " " + name);
        }
      }
    }
    assertThat(asking).as("attributes that load, run or are refused").isEmpty();
    assertThat(Objects.requireNonNull(page.selectFirst("style")).data())
        .doesNotContain("url(", "@import");
  }

  /** Every script and style sheet is one that the policy names by its hash, and none is missing. */
  private static void checkPolicy(Document page) {
    Element meta = Objects.requireNonNull(page.selectFirst("meta[http-equiv]"));
    String policy = meta.attr("content");
    assertThat(policy)
        .startsWith("default-src 'none'; script-src 'sha256-")
        .endsWith("base-uri 'none'; form-action 'none'")
        .doesNotContain("unsafe");
    for (Element script : page.select("script:not([type])")) {
      assertThat(policy).contains(hash(script.data()));
    }
    for (Element style : page.select("style")) {
      assertThat(policy).contains(hash(style.data()));
    }
    assertThat(page.select("script[type]").eachAttr("type")).containsOnly("application/json");
  }

  private static void checkLinks(Document page) {
    List<String> ids = page.select("[id]").eachAttr("id");
    assertThat(ids).doesNotHaveDuplicates();
    TreeSet<String> nowhere = new TreeSet<>();
    for (String target : page.select("a[href]").eachAttr("href")) {
      boolean known =
          target.startsWith("#")
              ? ids.contains(target.substring(1))
              : target.startsWith("https://");
      if (!known) {
        nowhere.add(target);
      }
    }
    assertThat(nowhere).as("links that lead nowhere").isEmpty();
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
