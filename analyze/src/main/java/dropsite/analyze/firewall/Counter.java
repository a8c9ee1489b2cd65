package dropsite.analyze.firewall;

/** How many packets a rule or policy has seen. */
record Counter(long packets, long bytes) {}
