package dropsite.capture.redact;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Maps names of network devices, also those that hold a MAC address ({@code enx525400123456}). */
final class DeviceNames {
  private static final Pattern BY_MAC = Pattern.compile("((?:en|wl|ww|ib)x)([0-9a-f]{12})(.*)");

  private final NameMap names;
  private final MacMap macs;

  DeviceNames(byte[] key, MacMap macs) {
    this.names = new NameMap(key, NameMap.DEVICES);
    this.macs = macs;
  }

  String map(String name) {
    Matcher byMac = BY_MAC.matcher(name);
    if (byMac.matches()) {
      byte[] mac = HexFormat.of().parseHex(byMac.group(2));
      return byMac.group(1) + HexFormat.of().formatHex(macs.map(mac)) + byMac.group(3);
    }
    return names.map(name);
  }

  /** Returns a word that stands for a text that somebody wrote. */
  String word(String text) {
    return names.word(text);
  }
}
