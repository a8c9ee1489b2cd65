package dropsite.analyze.firewall;

/** Ethertypes with headers that rules look into (linux/if_ether.h). */
final class EtherTypes {
  static final int IPV4 = 0x0800;
  static final int ARP = 0x0806;
  static final int VLAN = 0x8100;
  static final int IPV6 = 0x86dd;

  private EtherTypes() {}
}
