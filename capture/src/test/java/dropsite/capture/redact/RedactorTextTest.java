package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.host.SnapshotPart;
import dropsite.text.IpText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts here were printed by nft 1.0.6, iptables 1.8.9 and iproute2 6.1 in a namespace of a test.
 */
final class RedactorTextTest {
  private final byte[] key = key();
  private final Redactor redactor = new Redactor(key, "db1.acme.example");
  private final AddressMap addresses = new AddressMap(Arrays.copyOf(key, CryptoPan.KEY_BYTES));

  private static byte[] key() {
    byte[] key = new byte[3 * CryptoPan.KEY_BYTES];
    new Random(9).nextBytes(key);
    return key;
  }

  private String redacted(String text) {
    return redacted(text, false);
  }

  private String redacted(String text, boolean cut) {
    SnapshotPart part =
        new SnapshotPart(
            "x",
            SnapshotPart.Phase.BEFORE,
            1,
            1,
            "ip",
            text.getBytes(StandardCharsets.ISO_8859_1),
            cut,
            "");
    return new String(redactor.redact(part).bytes(), StandardCharsets.ISO_8859_1);
  }

  private String mapped(String address) {
    return IpText.of(addresses.map(AddressText.parse(address)));
  }

  private String mapped(String prefix, int bits) {
    return IpText.of(addresses.mapPrefix(AddressText.parse(prefix), bits)) + "/" + bits;
  }

  @Test
  void rulesOfIptablesKeepTheirMeaning() {
    String text =
        """
        *filter
        :INPUT ACCEPT [0:0]
        [12:3456] -A INPUT -s 203.0.113.0/24 ! -d 198.51.100.7/32 -i corp+ -p tcp -m tcp --dport 22 -m tls --tls-host www.acme.example -m comment --comment "for \\"Bob\\" of acme" -j DROP
        [0:0] -A INPUT -m mac --mac-source 52:54:00:1A:2B:3C -m iprange --src-range 203.0.113.5-203.0.113.9 -j LOG --log-prefix "acme: "
        [0:0] -A OUTPUT -d 203.0.113.0/255.255.0.255 -o eth0 -j DNAT --to-destination 203.0.113.9:8080
        COMMIT
        """;
    String result = redacted(text);
    assertThat(result.lines().findFirst()).contains("*filter");
    assertThat(result)
        .contains("[12:3456] -A INPUT -s " + mapped("203.0.113.0", 24) + " ! -d ")
        .contains(" ! -d " + mapped("198.51.100.7") + "/32 -i ")
        .contains("+ -p tcp -m tcp --dport 22 -m tls --tls-host \"x")
        .contains(" -o eth0 -j DNAT --to-destination " + mapped("203.0.113.9") + ":8080\n")
        .contains(mapped("203.0.113.0") + "/255.255.0.255 ")
        .doesNotContain("corp", "acme", "Bob", "1A:2B:3C", "203.0.113", "198.51.100");
    assertThat(result.lines()).hasSameSizeAs(text.lines().toList());
  }

  @Test
  void rangesStillHoldWhatTheyHeld() {
    String[] ends = redacted("203.0.113.5-203.0.113.9").split("-", -1);
    byte[] low = AddressText.parse(ends[0]);
    byte[] high = AddressText.parse(ends[1]);
    for (int i = 5; i <= 9; i++) {
      byte[] host = AddressText.parse(mapped("203.0.113." + i));
      assertThat(Arrays.compareUnsigned(low, host)).isNotPositive();
      assertThat(Arrays.compareUnsigned(host, high)).isNotPositive();
    }
  }

  @Test
  void rulesOfNftKeepTheirMeaning() {
    String text =
        "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\"}}, {\"chain\": {\"family\": \"ip\","
            + " \"table\": \"filter\", \"name\": \"INPUT\", \"handle\": 1}}, {\"rule\":"
            + " {\"family\": \"ip\", \"table\": \"filter\", \"chain\": \"INPUT\", \"handle\": 2,"
            + " \"comment\": \"for Bob\", \"expr\": [{\"match\": {\"op\": \"==\", \"left\":"
            + " {\"meta\": {\"key\": \"iifname\"}}, \"right\": \"corp*\"}}, {\"match\": {\"op\":"
            + " \"==\", \"left\": {\"payload\": {\"protocol\": \"ip\", \"field\": \"saddr\"}},"
            + " \"right\": {\"prefix\": {\"addr\": \"203.0.113.0\", \"len\": 24}}}}, {\"match\":"
            + " {\"op\": \"in\", \"left\": {\"ct\": {\"key\": \"state\"}}, \"right\":"
            + " [\"established\", \"related\"]}}, {\"match\": {\"op\": \"==\", \"left\":"
            + " {\"payload\": {\"protocol\": \"ip\", \"field\": \"daddr\"}}, \"right\": {\"range\":"
            + " [\"203.0.113.5\", \"203.0.113.9\"]}}}, {\"counter\": {\"packets\": 12, \"bytes\":"
            + " 34}}, {\"drop\": null}]}}]}";
    String result = redacted(text);
    String prefix = mapped("203.0.113.0", 24).replace("/24", "");
    assertThat(result)
        .contains("\"prefix\": {\"addr\": \"" + prefix + "\", \"len\": 24}")
        .contains("\"right\": [\"established\", \"related\"]")
        .contains("{\"version\": \"1.0.6\"}", "\"chain\": \"INPUT\"", "\"packets\": 12")
        .containsPattern("\"right\": \"[a-z]{4}\\*\"")
        .doesNotContain("corp", "Bob", "203.0.113");
    assertThat(result.replaceAll("\"[^\"]*\"", "")).isEqualTo(text.replaceAll("\"[^\"]*\"", ""));
  }

  @Test
  void setsAndMapsOfDevicesAreMapped() {
    String result =
        redacted(
            "{\"nftables\": [{\"set\": {\"family\": \"inet\", \"name\": \"wan\", \"type\":"
                + " \"ifname\", \"flags\": [\"interval\"], \"elem\": [\"corp0\", \"lo\"]}},"
                + " {\"rule\": {\"family\": \"inet\", \"expr\": [{\"vmap\": {\"key\": {\"meta\":"
                + " {\"key\": \"iifname\"}}, \"data\": {\"set\": [[\"corp1\", {\"jump\":"
                + " {\"target\": \"here\"}}], [\"corp2\", {\"drop\": null}], [\"corp3\","
                + " {\"accept\": null}]]}}}]}}]}");
    assertThat(result)
        .doesNotContain("corp")
        .contains("\"target\": \"here\"", "[\"interval\"]", "\"lo\"]", "\"name\": \"wan\"");
  }

  @Test
  void routesAndNeighboursAreMappedAsPacketsAre() {
    String result =
        redacted(
            "[{\"dst\":\"default\",\"gateway\":\"203.0.113.1\",\"dev\":\"corp0\",\"flags\":[]},"
                + "{\"dst\":\"203.0.113.0/24\",\"dev\":\"eth0\",\"prefsrc\":\"203.0.113.7\"},"
                + "{\"dst\":\"2001:db8::/32\",\"via\":{\"family\":\"inet6\",\"host\":\"fe80::1\"}},"
                + "{\"priority\":5,\"src\":\"203.0.113.0\",\"srclen\":24,\"table\":\"main\"},"
                + "{\"ifname\":\"enx525400123456\",\"address\":\"52:54:00:12:34:56\",\"broadcast\":"
                + "\"ff:ff:ff:ff:ff:ff\",\"phys_switch_id\":\"525400123456\"}]");
    assertThat(result)
        .contains("\"gateway\":\"" + mapped("203.0.113.1") + "\"")
        .contains("\"dst\":\"" + mapped("203.0.113.0", 24) + "\"")
        .contains("\"src\":\"" + mapped("203.0.113.0", 24).replace("/24", "") + "\",\"srclen\":24")
        .contains("\"host\":\"" + mapped("fe80::1") + "\"", "fe80::", "ff:ff:ff:ff:ff:ff")
        .contains("\"dst\":\"default\"", "\"dev\":\"eth0\"", "\"family\":\"inet6\"")
        .doesNotContain("corp0", "203.0.113", "2001:db8::/32", "525400123456", "52:54:00:12:34:56");
    String mac = result.replaceFirst(".*\"address\":\"([^\"]*)\".*", "$1");
    assertThat(result).contains("\"ifname\":\"enx" + mac.replace(":", "") + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    TcpExt: 1 2 3\nIpExt: 12345 0 77\n",
        "# Completed on Sat Nov 21 14:31:13 2026\n",
        "# Generated by iptables-save v1.8.9 (nf_tables)\n",
        "net/ipv4/ip_forward = 1\nnet/ipv4/conf/all/rp_filter = 2\n",
        "[{\"kind\":\"htb\",\"handle\":\"ffff:\",\"options\":{\"fh\":\"800::800\",\"x\":12}}]",
        ":INPUT ACCEPT [123:456]\n",
        "0000:00:03.0 cafe:babe abc::xyz dead.beef 300.1.2.3 1.2.3\n",
      })
  void whatNamesNobodyIsLeftAlone(String text) {
    assertThat(redacted(text)).isEqualTo(text);
  }

  @Test
  void settingsOfDevicesAndHostNamesAreMapped() {
    assertThat(redacted("net/ipv4/conf/corp0/rp_filter = 1\nnet/ipv4/conf/eth0/rp_filter = 1\n"))
        .matches("net/ipv4/conf/[a-z]{4}\\d/rp_filter = 1\nnet/ipv4/conf/eth0/rp_filter = 1\n")
        .doesNotContain("corp0");
    assertThat(redacted("log of db1.acme.example says\n")).doesNotContain("acme").contains(" says");
  }

  @Test
  void whatWasCutOffInTheMiddleOfAnAddressIsLeftOut() {
    assertThat(redacted("a 1\nb 203.0.11", true)).isEqualTo("a 1\n");
    assertThat(redacted("[{\"dst\":\"default\",\"gateway\":\"203.0.1", true))
        .doesNotContain("203.0.1")
        .startsWith("[{\"dst\":\"default\"");
  }

  @Test
  void hexOfFiltersIsMapped() {
    String result =
        redacted(
            "[{\"match\":{\"value\":\"cb007100\",\"mask\":\"ffffff00\",\"offmask\":\"\",\"off\":16}}]");
    byte[] prefix = AddressText.parse(mapped("203.0.113.0", 24).replace("/24", ""));
    int number = ByteBuffer.wrap(prefix).getInt();
    assertThat(result).contains("\"value\":\"" + Integer.toHexString(number) + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "ip, 20, fc2",
    "ip, 8, fc2",
    "ip, -14, 0",
    "ipv6, 12, 0",
    "ipv6, 16, 0",
    "ipv6, 36, 0",
    "ipv6, 40, fc2",
    "all, 20, 0"
  })
  void hexOfFiltersIsKeptWhereNoAddressCanBe(String protocol, int at, String left) {
    String text =
        "[{\"protocol\":\"%s\"},{\"protocol\":\"%s\",\"kind\":\"u32\",\"options\":{\"match\":{\"value\":\"%s\",\"mask\":\"ffff\",\"offmask\":\"\",\"off\":%d}}}]";
    assertThat(redacted(text.formatted("ip", protocol, "fc2", at)))
        .isEqualTo(text.formatted("ip", protocol, left, at));
  }

  @Test
  void damagedTextNeitherFailsNorHangs() {
    Random random = new Random(3);
    String alphabet = "01a9f:./-[]{}\"\\, \ndev-i";
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "[" : "");
      for (int j = random.nextInt(80); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(redacted(text.toString())).isNotNull();
    }
  }
}
