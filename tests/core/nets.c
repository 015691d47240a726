#include "tests/core/nets.h"

#define NSEC(owner, labels, next, types)                                                   \
	owner " 300 NSEC " next " " types "\n" owner " 300 RRSIG NSEC 13 " labels            \
	      " 300 20300101000000 20200101000000 1 secure. AAAA\n"

static const struct site net[] = {
	{ ROOT_ADDRESS, ".",
	  ". 86400 SOA ns.root. admin.root. 1 1800 900 604800 300\n"
	  ". 86400 NS ns.root.\n"
	  "ns.root. 86400 A 192.0.2.1\n"
	  "com. 86400 NS ns.com.\n"
	  "ns.com. 86400 A 192.0.2.2\n"
	  "secure. 86400 NS ns.secure.\n"
	  "ns.secure. 86400 A 192.0.2.4\n"
	  "bogus. 86400 NS ns.bogus.\n"
	  "ns.bogus. 86400 A 192.0.2.5\n", false, 0 },
	{ COM_ADDRESS, "com.",
	  "@ SOA ns admin 1 1800 900 604800 300\n"
	  "@ 3600 NS ns\n"
	  "ns 3600 A 192.0.2.2\n"
	  "example 3600 NS ns.example\n"
	  "ns.example 3600 A 192.0.2.3\n"
	  "glueless 3600 NS ns.example\n"
	  "hosted 3600 NS a.ns.secure.\n"
	  "many 3600 NS n1.dead\nmany 3600 NS n2.dead\nmany 3600 NS n3.dead\n"
	  "many 3600 NS n4.dead\nmany 3600 NS n5.dead\nmany 3600 NS n6.dead\n"
	  "many 3600 NS n7.dead\nmany 3600 NS n8.dead\nmany 3600 NS n9.dead\n"
	  "dead 3600 NS ns.dead\n"
	  "ns.dead 3600 A 192.0.2.77\n"
	  "one 3600 NS ns.two\n"
	  "two 3600 NS ns.one\n", false, 0 },
	{ EXAMPLE_ADDRESS, "example.com.",
	  "@ 3600 SOA ns admin 1 1800 900 604800 300\n"
	  "@ 3600 NS ns\n"
	  "ns A 192.0.2.3\n"
	  "www 300 A 198.51.100.1\n"
	  "www 300 AAAA 2001:db8::1\n"
	  "txt 300 TXT \"only text\"\n"
	  "alias 300 CNAME www\n"
	  "far 300 CNAME www.secure.\n"
	  "self CNAME self\n"
	  "ping CNAME pong\n"
	  "pong CNAME ping\n"
	  "c1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\nc4 CNAME c5\nc5 CNAME c6\nc6 CNAME c7\n"
	  "c7 CNAME c8\nc8 CNAME c9\nc9 CNAME c10\nc10 CNAME c11\nc11 CNAME c12\nc12 CNAME www\n"
	  "tree DNAME new.example.com.\n"
	  "leaf.new A 198.51.100.7\n"
	  "grow DNAME a.grow\n"
	  "private A 192.168.1.1\n"
	  "big TXT \"0123456789012345678901234567890123456789012345678901234567890123456789\"\n"
	  "big TXT \"1123456789012345678901234567890123456789012345678901234567890123456789\"\n"
	  "big TXT \"2123456789012345678901234567890123456789012345678901234567890123456789\"\n"
	  "big TXT \"3123456789012345678901234567890123456789012345678901234567890123456789\"\n"
	  "big TXT \"4123456789012345678901234567890123456789012345678901234567890123456789\"\n"
	  "big TXT \"5123456789012345678901234567890123456789012345678901234567890123456789\"\n"
	  "big TXT \"6123456789012345678901234567890123456789012345678901234567890123456789\"\n",
	  false, 0 },
	{ SECURE_ADDRESS, "secure.",
	  "@ 3600 SOA ns admin 1 1800 900 604800 300\n"
	  "@ 3600 NS ns\n"
	  "ns A 192.0.2.4\n"
	  "a.ns 300 A 192.0.2.6\n"
	  "www 300 A 198.51.100.2\n"
	  NSEC("gone", "2", "\\000.gone", "NSEC RRSIG NXNAME")
	  NSEC("@", "1", "www.keyed", "NS SOA NSEC RRSIG")
	  NSEC("www.keyed", "3", "loose", "A NSEC RRSIG DNSKEY")
	  NSEC("loose", "2", "ns", "CNAME NSEC RRSIG")
	  NSEC("ns", "2", "www", "A NSEC RRSIG")
	  NSEC("www", "2", "@", "A NSEC RRSIG")
	  "www.keyed 300 A 198.51.100.3\n"
	  "www.keyed 300 DNSKEY 257 3 13 AAAA\n"
	  "loose 300 CNAME www.example.com.\n", false, 0 },
	{ HOSTED_ADDRESS, "hosted.com.",
	  "@ 3600 SOA ns admin 1 1800 900 604800 300\n"
	  "@ 3600 NS a.ns.secure.\n"
	  "www 300 A 198.51.100.9\n", false, 0 },
	{ BOGUS_ADDRESS, "bogus.",
	  "@ 3600 SOA ns admin 1 1800 900 604800 300\n"
	  "@ 3600 NS ns\n"
	  "ns A 192.0.2.5\n"
	  "www 300 A 198.51.100.66\n", false, 0 },
};

struct world *net_new(void)
{
	return world_new(net, sizeof(net) / sizeof(net[0]));
}
