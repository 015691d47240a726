# From an empty cache through root, TLD and zone.
. "$(dirname "$0")/system.sh"

start
ok "a name resolves from an empty cache" answers www.example.com A
ok "its address is the zone's" has "$(ask www.example.com A +short)" "198.18.100."
ok "over IPv6" has "$(SERVER=::1 ask www.example.org A)" "status: NOERROR"
ok "over TCP" has "$(ask www.example.net A +tcp)" "status: NOERROR"
ok "a name that does not exist is denied" has "$(ask nothing.example.com A)" "status: NXDOMAIN"
ok "a type that does not exist is an empty answer" has "$(ask www.example.com TXT)" "ANSWER: 0"
ok "an alias out of the zone is followed" has "$(ask out.chain.lab A +short)" "198.18.100."
ok "a chain of eight aliases is followed" has "$(ask c1.chain.lab A)" "ANSWER: 9"
ok "a ring of aliases ends" has "$(ask ping.chain.lab A)" "status: "
ok "a DNAME is followed" has "$(ask www.old.dname.lab A +short)" "198.18.100.3"
ok "an answer too large for UDP comes over TCP" has "$(ask txt60.big.lab TXT +bufsize=1232)" "ANSWER: 60"
ok "a set over our limits is refused" has "$(ask txt340.big.lab TXT)" "status: SERVFAIL"
ok "one dead server of two does no harm" answers www.halfdead.lab A
ok "dead IPv6 addresses do no harm" answers www.deadv6.lab A
ok "a zone with IPv6 servers only resolves" answers www.onlyv6.lab A
ok "a lame delegation fails" has "$(ask www.lame.lab A)" "status: SERVFAIL"
ok "a dead one fails within the budget" has "$(PATIENCE=10 ask www.dead.lab A)" "status: SERVFAIL"
ok "two zones that wait for each other fail" has "$(PATIENCE=10 ask www.ring1.lab A)" "status: SERVFAIL"
ok "the daemon ends within two seconds of SIGTERM" stop
