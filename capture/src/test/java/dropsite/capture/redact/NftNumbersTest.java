package dropsite.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules here were printed by nft 1.0.6; 172818776 is 10.77.1.88. */
final class NftNumbersTest {
  private static final String ADDRESS = "172818776";

  private final AddressMap addresses = new AddressMap(key());
  private final JsonText json = json();

  private static byte[] key() {
    byte[] key = new byte[CryptoPan.KEY_BYTES];
    new Random(5).nextBytes(key);
    return key;
  }

  private JsonText json() {
    MacMap macs = new MacMap(key(), addresses);
    return new JsonText(new AddressFinder(addresses, macs), new DeviceNames(key(), macs));
  }

  private String mapped(String address, int bits) {
    byte[] mapped = addresses.mapPrefix(AddressText.parse(address), bits);
    return Integer.toUnsignedString(ByteBuffer.wrap(mapped).getInt());
  }

  private String mapped(String address) {
    return mapped(address, Integer.SIZE);
  }

  private static String rule(String family, String statement) {
    return "{\"nftables\": [{\"rule\": {\"family\": \""
        + family
        + "\", \"handle\": 2, \"expr\": ["
        + statement
        + ", {\"quota\": {\"val\": 77, \"used\": 3}}, {\"drop\": null}]}}]}";
  }

  private static String match(String left, String right) {
    return "{\"match\": {\"op\": \"==\", \"left\": " + left + ", \"right\": " + right + "}}";
  }

  private static String raw(String base, int offset, int bits) {
    return "{\"payload\": {\"base\": \"%s\", \"offset\": %d, \"len\": %d}}"
        .formatted(base, offset, bits);
  }

  private static String field(String protocol, String field) {
    return "{\"payload\": {\"protocol\": \"%s\", \"field\": \"%s\"}}".formatted(protocol, field);
  }

  private void becomes(String left, String right, String expected) {
    assertThat(json.redacted(rule("inet", match(left, right))))
        .isEqualTo(rule("inet", match(left, expected)));
  }

  @Test
  void rawAddressesOfIpv4AreMappedAsPacketsAre() {
    assertThat(mapped("10.77.1.88")).isNotEqualTo(ADDRESS);
    becomes(raw("nh", 96, 32), ADDRESS, mapped("10.77.1.88"));
    becomes(raw("nh", 128, 32), ADDRESS, mapped("10.77.1.88"));
    becomes(field("ip", "saddr"), "{\"set\": [172818776]}", set(mapped("10.77.1.88")));
  }

  private static String set(String element) {
    return "{\"set\": [" + element + "]}";
  }

  @Test
  void setsRangesAndPrefixesKeepTheirMeaning() {
    String left = raw("nh", 128, 32);
    becomes(
        left, set("172818776, 172818784"), set(mapped("10.77.1.88") + ", " + mapped("10.77.1.96")));
    becomes(
        left,
        set("{\"elem\": {\"val\": 172818776, \"timeout\": 60}}"),
        set("{\"elem\": {\"val\": " + mapped("10.77.1.88") + ", \"timeout\": 60}}"));
    becomes(
        left,
        "{\"prefix\": {\"addr\": 172818688, \"len\": 24}}",
        "{\"prefix\": {\"addr\": " + mapped("10.77.1.0", 24) + ", \"len\": 24}}");
    long low = Long.parseLong(mapped("10.77.1.64", 26));
    becomes(
        left,
        set("{\"range\": [172818776, 172818792]}"),
        set("{\"range\": [%d, %d]}".formatted(low, low + 63)));
    becomes("{\"&\": [" + left + ", 4294967040]}", "172818688", mapped("10.77.1.0", 24));
  }

  @Test
  void fieldsThatAreComparedTogetherAreToldApart() {
    becomes(
        "{\"concat\": [" + field("tcp", "dport") + ", " + field("ip", "saddr") + "]}",
        set("{\"concat\": [8080, 172818776]}"),
        set("{\"concat\": [8080, " + mapped("10.77.1.88") + "]}"));
  }

  @Test
  void verdictMapsAndAssignmentsAreMapped() {
    String map =
        "{\"vmap\": {\"key\": %s, \"data\": {\"set\": [[%s, {\"drop\": null}]]}}}, "
            + "{\"mangle\": {\"key\": {\"meta\": {\"key\": \"mark\"}}, \"value\": {\"map\": "
            + "{\"key\": %s, \"data\": {\"set\": [[%s, 7]]}}}}}, "
            + "{\"mangle\": {\"key\": %s, \"value\": %s}}";
    String left = raw("nh", 96, 32);
    String other = mapped("10.77.1.88");
    assertThat(
            json.redacted(rule("inet", map.formatted(left, ADDRESS, left, ADDRESS, left, ADDRESS))))
        .isEqualTo(rule("inet", map.formatted(left, other, left, other, left, other)));
  }

  @ParameterizedTest
  @CsvSource({
    "ip,nh,96,64", "ip,nh,112,16", "ip,nh,120,8", "ip6,nh,128,32", "inet,nh,64,32",
    "inet,nh,304,16", "arp,nh,96,32", "netdev,ll,0,48", "bridge,ll,48,32", "bridge,ll,80,32"
  })
  void otherPartsOfAddressesAreLeftOut(String family, String base, int offset, int bits) {
    String left = raw(base, offset, bits);
    for (String value : new String[] {"90520732445500", "17", "\"0x20010db80000000000000001\""}) {
      assertThat(json.redacted(rule(family, match(left, value))))
          .isEqualTo(rule(family, match(left, value.startsWith("\"") ? "\"0x0\"" : "0")));
    }
    assertThat(json.redacted(rule(family, match(left, "{\"range\": [23, 29]}"))))
        .isEqualTo(rule(family, match(left, "{\"range\": [0, 0]}")));
  }

  @ParameterizedTest
  @CsvSource({
    "ip,nh,72,8",
    "ip,nh,160,32",
    "inet,nh,0,64",
    "inet,nh,320,8",
    "netdev,ll,96,16",
    "ip,th,96,32"
  })
  void whatHoldsNoAddressIsKept(String family, String base, int offset, int bits) {
    String rule = rule(family, match(raw(base, offset, bits), ADDRESS));
    assertThat(json.redacted(rule)).isEqualTo(rule);
  }

  @Test
  void damagedRulesNeitherFailNorHang() {
    String rule =
        rule("inet", match(raw("nh", 96, 32), set("{\"range\": [172818776, 172818792]}")));
    for (int i = 0; i < rule.length(); i++) {
      assertThat(json.redacted(rule.substring(0, i) + rule.substring(i + 1))).isNotNull();
      assertThat(json.redacted(rule.substring(0, i))).isNotNull();
    }
    assertThat(json.redacted("[{\"payload\": 1}" + "[".repeat(1 << 20))).hasSizeLessThan(1 << 10);
    assertThat(json.redacted(rule.replace(ADDRESS, "9".repeat(1 << 10)))).doesNotContain("99");
  }
}
