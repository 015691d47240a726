# RFC 8906, RFC 9619, RFC 6891: odd questions get the answers those say, and one reply each.
. "$(dirname "$0")/system.sh"

[ -x "$build/bin/rawdns" ] && [ ! "$here/rawdns.c" -nt "$build/bin/rawdns" ] ||
	${CC:-cc} -std=gnu11 -O2 "$here/rawdns.c" -o "$build/bin/rawdns"

raw() {
	in_lab "$build/bin/rawdns" --wait 700 127.0.0.1 "$PORT" "$@"
}

says() { # WORDS NAME TYPE [OPTION...]
	words=$1
	shift
	has "$(ask "$@")" "$words"
}

start
# RFC 8906 section 8.1, as its authors ask.
ok "an unknown type" says "status: NOERROR" www.example.com TYPE1000
ok "no EDNS, no OPT in the reply" hasnt "$(ask www.example.com A +noedns)" "OPT PSEUDO"
ok "CD is copied" says "rd ra cd" www.example.com A +noad +cd
ok "the Z bit is not" hasnt "$(ask www.example.com A +zflag)" "MBZ: 0x4"
for opcode in 1 3 6 15; do
	ok "opcode $opcode is not implemented" says "status: NOTIMP" www.example.com A +opcode=$opcode +header-only
done
ok "EDNS version 0" says "EDNS: version: 0" www.example.com A +edns=0
ok "EDNS version 1 is BADVERS" says "status: BADVERS" www.example.com A +edns=1 +noednsnegotiation
ok "which tells the version we speak" says "EDNS: version: 0" www.example.com A +edns=1 +noednsnegotiation
ok "an unknown option is passed over" says "status: NOERROR" www.example.com A +ednsopt=100
ok "and not echoed" hasnt "$(ask www.example.com A +ednsopt=100:616263)" "OPT=100"
ok "unknown EDNS flags are not copied" hasnt "$(ask www.example.com A +ednsflags=0x40)" "MBZ"
ok "version, flag and option at once" says "status: BADVERS" www.example.com A +edns=1 +noednsnegotiation +ednsopt=100 +ednsflags=0x40
ok "DO is copied" says "flags: do" www.example.com A +dnssec
ok "a small EDNS size counts as 512" says "status: NOERROR" www.example.com A +bufsize=100
ok "a long answer is cut" says "flags: qr tc" txt60.big.lab TXT +ignore +noad
ok "TCP" says "status: NOERROR" www.example.com A +tcp
ok "class CHAOS is refused" says "status: REFUSED" www.example.com TXT -c CH
ok "class HS too" says "status: REFUSED" www.example.com A -c HS
ok "class ANY too" says "status: REFUSED" www.example.com A -c ANY
ok "AXFR is refused" has "$(in_lab dig -p "$PORT" @127.0.0.1 example.com AXFR +tries=1 2>&1)" "failed"
ok "ANY gets one set" says "status: NOERROR" www.example.com ANY
for type in OPT TYPE0; do
	ok "$type cannot be asked for" says "status: FORMERR" www.example.com $type
done
for type in TKEY TSIG MAILB; do
	ok "$type is not implemented" says "status: NOTIMP" www.example.com $type
done
ok "RD=0 tells nothing of the cache" says "status: REFUSED" www.example.com A +norecurse
ok "who we are is no secret worth a lookup" says "status: REFUSED" version.bind TXT -c CH
ok "id.server neither" says "status: REFUSED" id.server TXT -c CH
ok "a cookie without a question gets one (RFC 7873 section 5.4)" says "(good)" . A +header-only +cookie

# example.com A, in octets.
header=123401000001000000000000
question=076578616d706c6503636f6d0000010001
opt=0000291000000000000000
ok "a question" has "$(raw $header$question)" "qr=1 opcode=0 aa=0 tc=0 rd=1 ra=1"
ok "no question is malformed" has "$(raw 123401000000000000000000)" "rcode=1 qd=0"
ok "two are" has "$(raw 123401000002000000000000$question$question)" "rcode=1"
ok "two OPT are" has "$(raw 123401000001000000000002$question$opt$opt)" "rcode=1"
ok "an OPT that is not at the root is" has "$(raw 123401000001000000000001${question}0161${opt})" "rcode=1"
ok "an answer in a question is" has "$(raw 12340100000100010000000$question)" "rcode=1"
ok "octets behind the message are" has "$(raw $header${question}00)" "rcode=1"
ok "a name that ends too early is" has "$(raw ${header}076578)" "rcode=1"
ok "a name that points into itself is" has "$(raw ${header}c00c00010001)" "rcode=1"
ok "a short cookie is" has "$(raw 123401000001000000000001${question}0000291000000000000008000a000401020304)" "rcode=1"
ok "nothing but a header is" has "$(raw $header)" "rcode=1"
ok "less than a header is dropped" has "$(raw 1234010000010000000000)" "nothing"
ok "one octet is dropped" has "$(raw 12)" "nothing"
ok "a response is dropped (threats C13)" has "$(raw 123481000001000000000000$question)" "nothing"
ok "an UPDATE is not implemented" has "$(raw 123428000001000000000000$question)" "opcode=5"
stop

SERVER_KEYS='identity: "nr1"
  version: "a resolver"
  nsid: "nsid-1"'
configure
start
ok "the version is told when it is configured" says '"a resolver"' version.bind TXT -c CH
ok "by its other name" says '"a resolver"' VERSION.server TXT -c CH
ok "who we are, too" says '"nr1"' hostname.bind TXT -c CH
ok "over TCP" says '"nr1"' id.server TXT -c CH +tcp
ok "nothing else in that class" says "status: REFUSED" authors.bind TXT -c CH
ok "and no other type" says "status: REFUSED" id.server A -c CH
ok "in class IN it is a name like any other" hasnt "$(ask id.server TXT)" '"nr1"'
ok "NSID is told to who asks" says "nsid-1" www.example.com A +nsid
ok "and to nobody else" hasnt "$(ask www.example.com A)" "nsid-1"
