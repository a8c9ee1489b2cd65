package dropsite.capture.redact;

import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redacts what savers of rules, ethtool, ipset and settings print: names by what stands before. */
final class PlainText {
  private static final Pattern DEVICE_OPTION =
      Pattern.compile(
          "(?m)((?:^|\\h)(?:-i|-o|--in-interface|--out-interface|--physdev-in|--physdev-out"
              + "|--logical-in|--logical-out|--iif|--oif|dev|-S)\\h+(?:!\\h+)?\"?)([^\\s\"]+)");

  /** Bounded, since the kernel bounds them, and since matching takes stack. */
  private static final Pattern FREE_TEXT =
      Pattern.compile(
          "((?:^|\\h)(?:--comment|--log-prefix|--nflog-prefix|--string|--hex-string|--tls-host"
              + "|comment(?=\\h+\"))\\h+)(\"(?:[^\"\\\\\\n]|\\\\.){0,2048}\"|\\S+)");

  private static final Pattern SETTING =
      Pattern.compile("(?m)(^net/[a-z0-9]+/(?:conf|neigh)/)(?!(?:all|default)/)([^/\\n]+)");
  private static final Pattern SET_DEVICE =
      Pattern.compile("(?m)(^add [^\\n,]*,(?:physdev:)?)([A-Za-z_][^\\s,:]*)(?=\\s|$)");

  private final AddressFinder addresses;
  private final DeviceNames devices;

  PlainText(AddressFinder addresses, DeviceNames devices) {
    this.addresses = addresses;
    this.devices = devices;
  }

  String redacted(String text) {
    String result = replaced(FREE_TEXT, text, found -> '"' + devices.word(found.group(2)) + '"');
    for (Pattern pattern : new Pattern[] {DEVICE_OPTION, SETTING, SET_DEVICE}) {
      result = replaced(pattern, result, found -> devices.map(found.group(2)));
    }
    return addresses.mapped(result);
  }

  private static String replaced(
      Pattern pattern, String text, Function<MatchResult, String> second) {
    return pattern
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + second.apply(found)));
  }
}
