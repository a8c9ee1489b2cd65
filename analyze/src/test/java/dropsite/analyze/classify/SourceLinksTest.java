package dropsite.analyze.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceLinksTest {

  @ParameterizedTest
  @CsvSource({
    "6.12.9, '', v6.12.9, false",
    "6.12.0, '', v6.12, false",
    "6.19.0-rc3, '', v6.19-rc3, false",
    "6.1.0-56-cloud-amd64, '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)', v6.1.192, true",
    "6.1.0-56-cloud-amd64, '', v6.1, true",
    "6.12.117+deb12-cloud-amd64, '', v6.12.117, true",
    "5.15.0-203-generic, '#213-Ubuntu SMP', v5.15, true",
    "4.18.0-553.el8_10.x86_64, '', v4.18, true",
    "5.14.21-150500.55.31-default, '', v5.14.21, true",
  })
  void theVersionIsThatOfTheKernelOrItsSeries(
      String release, String version, String tag, boolean noted) {
    SourceLinks links = SourceLinks.of(release, version);
    assertThat(links.tag()).isEqualTo(tag);
    assertThat(links.note().isEmpty()).isEqualTo(!noted);
  }

  @Test
  void linksLeadToTheLine() {
    SourceLinks links = SourceLinks.of("6.12.9", null);
    assertThat(links.link("net/ipv4/ip_output.c", 119))
        .contains("https://elixir.bootlin.com/linux/v6.12.9/source/net/ipv4/ip_output.c#L119");
    assertThat(links.link("net/a b\"<.c", 0))
        .contains("https://elixir.bootlin.com/linux/v6.12.9/source/net/a%20b%22%3C.c");
    assertThat(links.link("/build/x.c", 1)).isEmpty();
    assertThat(links.link("../x.c", 1)).isEmpty();
    assertThat(links.link(null, 1)).isEmpty();
    assertThat(SourceLinks.of("strange", null).link("net/x.c", 1)).isEmpty();
    assertThat(SourceLinks.of(null, null).tag()).isEmpty();
  }
}
