#!/bin/sh
# anchor.sh - years of a root's rollovers, signed by BIND's tools, replayed through warren-anchor; no network.
#
#	sh tests/system/anchor.sh [warren-anchor, or a program built in the same folder]

set -u
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../tools
me=anchor
. "$tools/place.sh"
program=${1-$build/check/resolver/server/warrend}
case $program in
*/warren-anchor) ;;
*/resolver/server/warrend) program=${program%/resolver/server/warrend}/tools/warren-anchor ;;
*) program=$(dirname "$program")/tools/warren-anchor ;;
esac
case $program in /*) ;; *) program=$PWD/$program ;; esac
passed=0 failed=0
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"; echo "$passed passed, $failed failed"; [ "$failed" = 0 ]' EXIT
trap 'exit 130' INT TERM HUP
cd "$work" || exit 99

ok() { # SENTENCE COMMAND...
	sentence=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok - $sentence"
	else
		failed=$((failed + 1))
		echo "not ok - $sentence"
		sed 's/^/# /' out err 2>/dev/null || true
	fi
}

new_key() { # ALGORITHM [OPTION...]: its file name without ending
	algorithm=$1
	shift
	dnssec-keygen -q -a "$algorithm" "$@" -K . . 2>/dev/null
}

tag_of() { # KEY
	echo "${1##*+}" | sed 's/^0*//'
}

# publish DAY "KEYS" "SIGNERS": answer becomes what dig would show of the DNSKEY RRset that day.
publish() {
	{
		echo '. 86400 IN SOA a. b. 1 1800 900 604800 86400'
		echo '. 86400 IN NS a.'
		for key in $2; do
			grep -v '^;' "$key.key" | sed 's/ IN / 172800 IN /'
		done
	} >zone
	from=$(date -u -d "$1 - 1 hour" +%Y%m%d%H%M%S)
	until=$(date -u -d "$1 + 21 days" +%Y%m%d%H%M%S)
	# shellcheck disable=SC2086  # the list is meant to be split
	dnssec-signzone -q -P -z -O full -o . -s "$from" -e "$until" -f signed zone $3 >/dev/null 2>sign.err || {
		cat sign.err
		return 1
	}
	{
		printf '; <<>> DiG 9.18 <<>> +dnssec . DNSKEY\n;; flags: qr aa rd; QUERY: 1\n\n'
		printf ';; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags: do; udp: 1232\n;; ANSWER SECTION:\n'
		awk '$4 == "DNSKEY" || ($4 == "RRSIG" && $5 == "DNSKEY")' signed
		printf '\n;; Query time: 0 msec\n'
	} >answer
}

step() { # DAY: exit status of the program; out, err
	"$program" step --state state --now "$1T00:00:00Z" --dnskey answer >out 2>err
}

is() { # KEY STATE: in the last output
	grep -q "^$(tag_of "$1") $2 " out
}

isnt_known() {
	! grep -q "^$(tag_of "$1") " out
}

# weeks COUNT "KEYS" "SIGNERS": that many, from a week after $day on.
weeks() {
	n=$1
	while [ "$n" -gt 0 ]; do
		day=$(date -u -d "$day + 7 days" +%F)
		publish "$day" "$2" "$3" || return 1
		believed "$day" || return 1
		n=$((n - 1))
	done
}

believed() { # DAY
	step "$1" && ! grep -q "is not believed" err
}

refused() { # DAY
	step "$1" && grep -q "is not believed" err
}

ends_with() { # STATUS COMMAND...
	wanted=$1
	shift
	"$@" >out 2>err
	status=$?
	[ "$status" = "$wanted" ] || { echo "# status $status" && return 1; }
}

for needed in dnssec-keygen dnssec-signzone dnssec-revoke dnssec-dsfromkey; do
	command -v $needed >/dev/null || { echo "# no $needed: nothing is tried" && exit 0; }
done
[ -x "$program" ] || {
	ok "there is a warren-anchor to test" false
	exit 1
}

old=$(new_key RSASHA256 -b 2048 -f KSK)
zsk=$(new_key RSASHA256 -b 1536)
new=$(new_key RSASHA256 -b 2048 -f KSK)
brief=$(new_key RSASHA256 -b 2048 -f KSK)
curve=$(new_key ECDSAP256SHA256 -f KSK)
curve_zsk=$(new_key ECDSAP256SHA256)
stranger=$(new_key ECDSAP256SHA256 -f KSK)
day=2026-01-01
dnssec-dsfromkey -2 "$old.key" >state

ok "a DS line is an anchor" "$program" show state
ok "weeks without news" weeks 3 "$old $zsk" "$old $zsk"
ok "the key behind the DS is Valid" is "$old" Valid
ok "the plain file is kept" grep -q ' DS ' state.previous
ok "a new key is published" weeks 1 "$old $new $zsk" "$old $zsk"
ok "it is AddPend" is "$new" AddPend
ok "four weeks pass" weeks 4 "$old $new $zsk" "$old $zsk"
ok "it is still AddPend after 28 days" is "$new" AddPend
ok "the next question is due in half the TTL" grep -q "asked again at $(date -u -d "$day + 1 day" +%FT%TZ)" err
ok "a fifth" weeks 1 "$old $new $zsk" "$old $zsk"
ok "it is Valid after 35 days" is "$new" Valid

ok "another appears for two weeks" weeks 2 "$old $new $brief $zsk" "$old $zsk"
ok "it is AddPend" is "$brief" AddPend
ok "it goes away" weeks 1 "$old $new $zsk" "$old $zsk"
ok "it is at Start again" is "$brief" Start
ok "it comes back for four weeks" weeks 4 "$old $new $brief $zsk" "$old $zsk"
ok "its time began anew" is "$brief" AddPend
ok "and goes for good" weeks 6 "$old $new $zsk" "$old $zsk"
ok "it is forgotten" isnt_known "$brief"

# RFC 5011 section 2.2: only the new key vouches for what is pending, and is revoked before the time is over.
cp state before
ok "one more, vouched for by one key" weeks 3 "$old $new $brief $zsk" "$new $zsk"
ok "it is AddPend" is "$brief" AddPend
revoked=$(basename "$(dnssec-revoke -f -K . "$new")")
ok "that one is revoked" weeks 1 "$old $revoked $brief $zsk" "$old $revoked $zsk"
ok "its time begins anew" weeks 3 "$old $revoked $brief $zsk" "$old $revoked $zsk"
ok "so after seven weeks it is still AddPend" is "$brief" AddPend
ok "and Valid" weeks 2 "$old $revoked $brief $zsk" "$old $revoked $zsk"
ok "a month after that" is "$brief" Valid
mv before state

ok "the new key signs" weeks 4 "$old $new $zsk" "$new $zsk"
ok "the old one is Valid" is "$old" Valid
day=$(date -u -d "$day + 1 day" +%F)
publish "$day" "$stranger $new $zsk" "$stranger"
cp state before
ok "an RRset signed by a stranger is refused" refused "$day"
ok "nobody lost or won" is "$new" Valid
ok "the stranger is not followed" isnt_known "$stranger"
publish "$day" "$old $new" "$new"
grep -v RRSIG answer >bare
mv bare answer
ok "an RRset without signature is refused" refused "$day"

revoked=$(basename "$(dnssec-revoke -K . "$old")")
publish "$day" "$revoked $new $zsk" "$new"
ok "a REVOKE bit without the key's own signature" believed "$day"
ok "revokes nothing" is "$old" Valid
ok "with it" weeks 1 "$revoked $new $zsk" "$revoked $new"
ok "the key is Revoked" is "$old" Revoked
ok "the tag it signs with is told" grep -q "last signed as $(tag_of "$revoked")\$" out
ok "it comes back without the bit" weeks 2 "$old $new $zsk" "$new"
ok "it stays Revoked" is "$old" Revoked
publish "$day" "$old" "$old"
ok "it signs nothing we believe" refused "$day"
ok "it is away for five weeks" weeks 6 "$new $zsk" "$new"
ok "it is Removed" is "$old" Removed

ok "a key of algorithm 13 comes, both sign" weeks 5 "$new $curve $zsk $curve_zsk" "$new $curve $zsk $curve_zsk"
ok "it is AddPend" is "$curve" AddPend
ok "a sixth week" weeks 1 "$new $curve $zsk $curve_zsk" "$new $curve"
ok "it is Valid" is "$curve" Valid
new_revoked=$(basename "$(dnssec-revoke -f -K . "$new")")
ok "RSA is revoked" weeks 3 "$new_revoked $curve $curve_zsk" "$new_revoked $curve"
ok "and taken out" weeks 6 "$curve $curve_zsk" "$curve"
ok "only P-256 is trusted" is "$curve" Valid
ok "RSA is Removed" is "$new" Removed
ok "all is green" ends_with 0 "$program" check state --now "$day"

late=$(date -u -d "$day + 800 days" +%F)
publish "$late" "$stranger" "$stranger"
ok "two years and two rolls later" refused "$late"
ok "check is red and says what to do" ends_with 1 "$program" check state --now "$late"
ok "in words" grep -q 'red: .*import' out

set -- $(dnssec-dsfromkey -2 "$stranger.key")
cat >root-anchors.xml <<END
<?xml version="1.0" encoding="UTF-8"?>
<TrustAnchor id="1" source="http://data.iana.org/root-anchors/root-anchors.xml">
<Zone>.</Zone>
<KeyDigest id="K1" validFrom="2026-01-01T00:00:00+00:00">
<KeyTag>$4</KeyTag><Algorithm>$5</Algorithm><DigestType>$6</DigestType>
<Digest>$7${8-}</Digest>
<PublicKey>$(awk '$3 == "DNSKEY" { for (i = 7; i <= NF; i++) printf "%s", $i }' "$stranger.key")</PublicKey>
<Flags>257</Flags>
</KeyDigest>
</TrustAnchor>
END
ok "published anchors are printed" ends_with 0 "$program" import root-anchors.xml --now "$late"
ok "as DS records" grep -q "IN DS $4 13 2 $7${8-}" out
ok "not before their date" ends_with 1 "$program" import root-anchors.xml --now 2025-12-31
ok "and taken in" ends_with 0 "$program" import root-anchors.xml --state state --now "$late"
ok "then the zone validates again" believed "$late"
ok "the removed keys stay removed" is "$old" Removed

if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ca -keyout ca.key -out ca.pem -days 30 \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj /CN=signer -keyout signer.key -out signer.csr 2>/dev/null
	printf 'subjectAltName=email:dnssec@iana.org\nextendedKeyUsage=emailProtection\n' >ext
	openssl x509 -req -in signer.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext \
		-out signer.pem 2>/dev/null
	openssl smime -sign -binary -noattr -in root-anchors.xml -signer signer.pem -inkey signer.key \
		-outform DER -out root-anchors.p7s 2>/dev/null
	signed_import() { # XML [OPTION...]
		xml=$1
		shift
		"$program" import "$xml" --signature root-anchors.p7s --ca ca.pem --now "$late" "$@"
	}
	ok "the signature of the anchors is good" ends_with 0 signed_import root-anchors.xml
	ok "but of another signer it is not" ends_with 1 signed_import root-anchors.xml --signer a@example
	sed 's/257/256/' root-anchors.xml >other.xml
	ok "nor of other anchors" ends_with 1 signed_import other.xml
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -keyout other.key -out ca.pem -days 30 2>/dev/null
	ok "nor under another authority" ends_with 1 signed_import root-anchors.xml
fi

cp state whole
head -c 300 whole >state
ok "a torn file is refused" ends_with 2 "$program" step --state state --now "$late" --dnskey answer
head -c 300 whole >torn
ok "and left as it is" cmp -s state torn
sed 's/ Removed / Valid /' whole >state
ok "a file changed by hand is refused" ends_with 2 "$program" show state
ok "a time that is none is refused" ends_with 2 "$program" step --state whole --now soon --dnskey answer
ok "an answer without DNSKEY is refused" ends_with 2 "$program" step --state whole --now "$late" --dnskey ext
