package dropsite.analyze.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dropsite.capture.DropEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpsetsTest {
  private static final String SETS =
      """
      create ip hash:ip family inet hashsize 1024 maxelem 65536
      add ip 10.1.0.2
      create range bitmap:ip range 10.1.0.0-10.1.255.255
      add range 10.1.0.1-10.1.0.9
      create net hash:net family inet hashsize 1024 maxelem 65536
      add net 10.1.0.0/16
      add net 192.168.1.7
      create netport hash:net,port family inet hashsize 1024 maxelem 65536
      add netport 10.1.0.0/16,udp:53
      add netport 10.1.0.0/16,tcp:54
      create ports hash:ip,port family inet hashsize 1024 maxelem 65536
      add ports 10.1.0.2,udp:50-60
      create iface hash:net,iface family inet hashsize 1024 maxelem 65536
      add iface 10.1.0.0/16,eth0
      create nets hash:net,net family inet hashsize 1024 maxelem 65536
      add nets 10.1.0.0/16,192.168.0.0/16
      create three hash:ip,port,ip family inet hashsize 1024 maxelem 65536
      add three 10.1.0.2,udp:53,192.168.1.7
      create mac hash:mac hashsize 1024 maxelem 65536
      add mac 02:00:00:00:00:01
      create mark hash:ip,mark family inet markmask 0xffffffff hashsize 1024 maxelem 65536
      add mark 10.1.0.2,0x00000000
      create except hash:net family inet hashsize 1024 maxelem 65536
      add except 10.1.0.0/16
      add except 10.1.0.0/24 nomatch
      create slow hash:ip family inet hashsize 1024 maxelem 65536 timeout 600
      add slow 10.1.0.2 timeout 100
      create list list:set size 8
      add list net
      add list ip
      create loop list:set size 8
      add loop loop
      create icmp hash:ip,port family inet hashsize 1024 maxelem 65536
      add icmp 10.1.0.2,icmp:echo-request
      """;

  private static final DropEvent.Packet UDP = Packets.udp("10.1.0.2", "192.168.1.7", 5353, 53);
  private static final DropEvent.Packet OTHER = Packets.udp("10.2.0.2", "10.1.0.2", 53, 5353);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip | src | YES | NO",
        "ip | dst | NO | YES",
        "range | src | YES | NO",
        "net | src | YES | NO",
        "net | dst | YES | YES",
        "netport | src,dst | YES | NO",
        "netport | src,src | NO | NO",
        "ports | src,dst | YES | NO",
        "iface | src,src | YES | NO",
        "iface | src,dst | NO | NO",
        "nets | src,dst | YES | NO",
        "three | src,dst,dst | YES | NO",
        "mac | src | YES | YES",
        "mark | src,src | YES | NO",
        "slow | src | YES | MAYBE",
        "except | src | MAYBE | MAYBE",
        "list | src | YES | NO",
        "loop | src | MAYBE | MAYBE",
        "icmp | src,dst | MAYBE | MAYBE",
        "gone | src | MAYBE | MAYBE",
        "netport | src | MAYBE | MAYBE",
      })
  void packetsAreLookedUp(String set, String directions, Truth udp, Truth other) {
    Condition condition = Ipsets.read(SETS).condition(set, directions, false, set);
    assertThat(condition.test(at(UDP))).isEqualTo(udp);
    assertThat(condition.test(at(OTHER))).isEqualTo(other);
  }

  @Test
  void whatIsNotKnownSaysWhy() {
    Condition condition = Ipsets.read(SETS).condition("gone", "src", false, "--match-set gone src");
    assertThat(condition.unknown(at(UDP)))
        .isEqualTo("the set gone is not in the snapshot (--match-set gone src)");
  }

  private static PacketAtHook at(DropEvent.Packet packet) {
    return new PacketAtHook(packet, "eth0", new Hook("ip", "input"));
  }
}
