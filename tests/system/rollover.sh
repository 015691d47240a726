# A root whose keys roll, under a clock that is set forward: RFC 5011 from the first question to the file.
WARREN_LAB=$(mktemp -d) # a lab of its own, for its root is signed anew
export WARREN_LAB
. "$(dirname "$0")/system.sh"
trap 'code=0; finish || code=1; rm -rf "$WARREN_LAB"; exit $code' EXIT

library=
for candidate in /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1 \
	/usr/lib64/faketime/libfaketime.so.1; do
	[ ! -e "$candidate" ] || library=$candidate
done
[ -n "$library" ] || { echo "# faketime is not installed: nothing to test" && exit 0; }
for needed in dnssec-keygen dnssec-signzone dnssec-dsfromkey dnssec-revoke; do
	command -v $needed >/dev/null || { echo "# no $needed: nothing is tried" && exit 0; }
done

# Every process of the daemon has the clock that the file says.
real_daemon=$daemon
programs=$(dirname "$daemon")/../../tools
[ -d "$programs" ] || programs=$(dirname "$daemon")/tools
daemon=$home/faked
cat >"$daemon" <<-END
	#!/bin/sh
	exec env LD_PRELOAD=$library FAKETIME_NO_CACHE=1 "FAKETIME_TIMESTAMP_FILE=$home/stamp" \
		"ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0" $real_daemon "\$@"
END
chmod +x "$daemon"
echo "+0" >"$home/stamp"
days=0

# ---- the root ----

keys=$home/keys
mkdir "$keys"
zone=$LAB_DIR/zones/root.zone
# shellcheck disable=SC2016
awk '$4 !~ /^(RRSIG|NSEC|DNSKEY|ZONEMD|SOA)$/' "$zone" >"$home/bare"
serial=100

new_key() { # ALGORITHM [OPTION...]: its file name without ending
	algorithm=$1
	shift
	dnssec-keygen -q -a "$algorithm" "$@" -K "$keys" . 2>/dev/null
}

tag_of() { # KEY
	echo "${1##*+}" | sed 's/^0*//'
}

long_tag_of() { # KEY: as sentinel names have it
	echo "${1##*+}"
}

ds_of() { # KEY
	dnssec-dsfromkey -2 "$keys/$1.key"
}

root_is() { # SERIAL
	has "$(in_lab dig +norec +tries=1 +time=1 +short "@$root_address" . SOA)" " $1 "
}

# publish "KEYS" "SIGNERS": the root has these keys from now on, signed for the day of the daemon's clock.
publish() {
	serial=$((serial + 1))
	{
		echo ". 86400 IN SOA a.root-servers.net. hostmaster.root-servers.net. $serial 1800 900 604800 60"
		cat "$home/bare"
		for tag in $(long_tag_of "$new") $(long_tag_of "$old") $(long_tag_of "$stranger"); do
			echo "root-key-sentinel-is-ta-$tag. 60 IN A 198.18.0.1"
			echo "root-key-sentinel-not-ta-$tag. 60 IN A 198.18.0.1"
		done
		for key in $1; do
			grep -v '^;' "$keys/$key.key" | sed 's/ IN / 172800 IN /'
		done
	} >"$home/unsigned"
	signers=
	for key in $2; do
		signers="$signers -k $keys/$key"
	done
	# shellcheck disable=SC2086  # the list is meant to be split
	dnssec-signzone -q -P -z -O full -d "$keys" -o . -s "$(date -u -d "+$days days -2 hours" +%Y%m%d%H%M%S)" \
		-e "$(date -u -d "+$days days +40 days" +%Y%m%d%H%M%S)" -f "$home/signed" \
		$signers "$home/unsigned" "$keys/$zsk" >/dev/null 2>"$home/sign.err" || cat "$home/sign.err"
	cp "$home/signed" "$zone"
	kill -HUP "$(awk '$1 == "nsd-root" { print $2 }' "$WARREN_LAB/run/pids")"
	within 5000 root_is "$serial"
}

# pass DAYS "KEYS" "SIGNERS": that much time goes by, and the root is as said.
pass() {
	days=$((days + $1))
	publish "$2" "$3"
	echo "+${days}d" >"$home/stamp"
}

# ---- the daemon ----

kept=$home/cache/anchors
control() {
	"$programs/warrenctl" -s "$home/run/control" "$@" 2>&1
}

is_in_memory() { # KEY STATE
	control anchors | grep -q "^key \\. $(tag_of "$1") [0-9]* 257 $2 "
}

status_says() {
	has "$(control status)" "$1"
}

file_is_whole() {
	"$programs/warren-anchor" show "$kept" >/dev/null
}

is_in_file() { # KEY STATE
	grep -q "^key \. $(tag_of "$1") [0-9]* 257 $2 " "$kept"
}

logged() { # TEXT: since the last look
	sed "1,${seen}d" "$home/log" | grep -q "$1"
}

keeper_is_there() {
	[ -n "$(keeper)" ]
}

look_from_here() {
	seen=$(wc -l <"$home/log")
}

is_secure() {
	has "$(ask "$1" A +dnssec)" " ad;"
}

fails() {
	has "$(ask "$1" A +dnssec)" "status: SERVFAIL"
}

anchored_with() { # KEY...
	anchors=
	for key in "$@"; do
		anchors="$anchors${anchors:+, }\"$(ds_of "$key")\""
	done
	sed "s|^\( *trust-anchors:\).*|\1 [$anchors]|" "$home/conf" >"$home/conf.new"
	mv "$home/conf.new" "$home/conf"
}

start_red() { # it answers, but believes nothing
	setsid "$lab_tool" exec "$daemon" -c "$home/conf" </dev/null >>"$home/log" 2>&1 &
	daemon_pid=$!
	within 10000 answers . SOA +cd
}

root_address=$(awk '$1 == "root" && $3 !~ /:/ { print $3; exit }' "$LAB_DIR/addresses")
old=$(new_key RSASHA256 -b 2048 -f KSK)
new=$(new_key RSASHA256 -b 2048 -f KSK)
stranger=$(new_key ECDSAP256SHA256 -f KSK)
zsk=$(new_key RSASHA256 -b 1536)
: >"$home/log"
seen=0

CACHE_KEYS='bogus-ttl: 1s'
VALIDATION_KEYS='key-tag-signal: yes'
configure
anchored_with "$old"
publish "$old $zsk" "$old"
start
ok "the first question about the keys comes soon" within 5000 logged "RRset of \. validates with key $(tag_of "$old")"
ok "the key behind the DS is Valid in the file" within 1000 is_in_file "$old" Valid
ok "status is green" has "$(control status)" "green"
signal=$(printf '_ta-%04x' "$(tag_of "$old")")
ok "the root was told which key we trust" has "$(control lookup "$signal." NULL)" "no such name"
ok "the sentinel knows the old key" is_secure "root-key-sentinel-is-ta-$(long_tag_of "$old")"
ok "and that the new one is none" fails "root-key-sentinel-is-ta-$(long_tag_of "$new")"
ok "but not-ta answers for it" is_secure "root-key-sentinel-not-ta-$(long_tag_of "$new")"

pass 1 "$old $new $zsk" "$old"
ok "a new key is AddPend a day later" within 15000 is_in_file "$new" AddPend
line=$(grep "^key \. $(tag_of "$new") " "$kept")
keeper_pid=$(keeper)
kill -KILL "$keeper_pid"
ok "the keeper killed, another one comes" within 5000 keeper_is_there
ok "and knows it still" is_in_file "$new" AddPend
stop
start
ok "so does the whole house started again" has "$(grep "^key \. $(tag_of "$new") " "$kept")" "${line%% last *}"
ok "it waits for the day it did before" has "$(grep "^key \. $(tag_of "$new") " "$kept")" \
	"$(echo "$line" | sed 's/.* \(hold [^ ]*\) .*/\1/')"

for _ in 1 2 3; do
	look_from_here
	pass 9 "$old $new $zsk" "$old"
	ok "nine days later the keys are looked at again" within 15000 logged "validates with key"
done
ok "after 27 days it still waits" is_in_file "$new" AddPend
ok "and is not trusted" fails "root-key-sentinel-is-ta-$(long_tag_of "$new")"
pass 5 "$old $new $zsk" "$old $new"
ok "after 32 days it is Valid" within 15000 is_in_file "$new" Valid
ok "at once the sentinel says so" within 2000 is_secure "root-key-sentinel-is-ta-$(long_tag_of "$new")"
ok "also where it was asked before" within 2000 fails "root-key-sentinel-not-ta-$(long_tag_of "$new")"

look_from_here
pass 2 "$new $zsk" "$new"
ok "the root goes on with the new key alone" within 15000 logged "validates with key $(tag_of "$new")"
ok "the old one is Missing" is_in_file "$old" Missing
ok "all is secure" is_secure "root-key-sentinel-is-ta-$(long_tag_of "$new")"

# The old key comes back to revoke itself: at once, for ever, and after a month it is only a memory.
revoked=$(basename "$(dnssec-revoke -K "$keys" "$keys/$old")")
look_from_here
pass 2 "$revoked $new $zsk" "$revoked $new"
ok "the old key revokes itself" within 15000 is_in_file "$old" Revoked
ok "at once it is trusted no more" within 2000 fails "root-key-sentinel-is-ta-$(long_tag_of "$old")"
ok "and not-ta says so" within 2000 is_secure "root-key-sentinel-not-ta-$(long_tag_of "$old")"
ok "status names it" within 2000 status_says "$(tag_of "$old") Revoked"
stop
start
ok "a restart does not trust it again, though the configuration names it" is_in_file "$old" Revoked
look_from_here
pass 16 "$new $zsk" "$new"
ok "half a month without it" within 15000 logged "validates with key $(tag_of "$new")"
ok "it is still Revoked" is_in_file "$old" Revoked
pass 16 "$new $zsk" "$new"
ok "after 32 days it is Removed" within 15000 is_in_file "$old" Removed
ok "all is secure" is_secure "root-key-sentinel-is-ta-$(long_tag_of "$new")"

# Killed whenever it writes: what is there afterwards is whole.
round=0
while [ $round -lt 10 ]; do
	round=$((round + 1))
	keeper_pid=$(keeper)
	[ -z "$keeper_pid" ] || kill -KILL "$keeper_pid" 2>/dev/null || true
	sleep 0.$round
done
within 10000 keeper_is_there
ok "a keeper killed at many moments leaves a whole file" file_is_whole
ok "with both keys" is_in_file "$new" Valid
stop

# The clock starts long before what the file has seen: a machine without a clock of its own.
rm -rf "$home/run"
look_from_here
echo "+0" >"$home/stamp"
time_server="root-key-sentinel-not-ta-$(long_tag_of "$stranger")"
VALIDATION_KEYS="time-servers: [\"$time_server.\"]"
configure
anchored_with "$old"
start_red
ok "a clock behind the file's floor judges no anchors" within 5000 logged "not judged by such a clock"
ok "the time servers resolve" answers "$time_server" A
ok "but nothing is secure" hasnt "$(ask "$time_server" A +dnssec)" " ad;"
ok "other names do not" fails "root-key-sentinel-is-ta-$(long_tag_of "$new")"
ok "and it is told why" has "$(ask "root-key-sentinel-is-ta-$(long_tag_of "$new")" A)" "EDE: 8"
look_from_here
echo "+${days}d" >"$home/stamp"
ok "when the clock is right, so is all, without restart" within 20000 is_secure "root-key-sentinel-is-ta-$(long_tag_of "$new")"
stop

# Years without us: the root is signed by a key that we have never seen.
rm -rf "$home/cache" "$home/run"
look_from_here
anchored_with "$old"
publish "$stranger $zsk" "$stranger"
start_red
ok "an anchor that nobody uses any more is a loud error" within 5000 logged "RRset of \. does not validate"
ok "with the EDE" logged "(EDE 9)"
ok "status is red" has "$(control status)" "red"
ok "nothing is believed" fails "root-key-sentinel-not-ta-$(long_tag_of "$new")"
ok "and it is told why" has "$(ask . SOA +dnssec)" "EDE: 9"
look_from_here
ds_of "$stranger" >"$home/drop"
mv "$home/drop" "$kept"
kill -HUP "$daemon_pid"
ok "another anchor file and SIGHUP help" within 10000 logged "validates with key $(tag_of "$stranger")"
ok "status is green then" within 2000 status_says green
ok "everything is believed again" within 5000 is_secure "root-key-sentinel-not-ta-$(long_tag_of "$new")"
look_from_here
ds_of "$old" >"$home/drop"
mv "$home/drop" "$kept"
ok "a file put there is taken without SIGHUP, too" within 20000 logged "somebody else"
stop

# Where nothing can be written.
rm -rf "$home/cache"
look_from_here
VALIDATION_KEYS="anchor-file: \"$home/nowhere/anchors\""
configure
anchored_with "$stranger"
start
ok "without a place for the file there is a warning" logged "nowhere/anchors.*memory only"
ok "and answers" is_secure "root-key-sentinel-not-ta-$(long_tag_of "$new")"
ok "the keys are followed in memory" within 5000 is_in_memory "$stranger" Valid
stop
