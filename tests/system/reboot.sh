# Boots with a clock that is right, behind, put right later, of 1970, or ahead: nothing kept lives longer than its TTL.
#
# A boot is another boot id; the clock is the time of day alone, the boot clock goes on as it does.
. "$(dirname "$0")/system.sh"

real_daemon=$daemon
daemon=$home/booted
boot=0
program wallshift.so ../tests/system/wallshift.c "-shared -fPIC -ldl"

wall() { # SECONDS: how wrong the time of day is
	printf '%-15s\n' "$1" >"$home/shift.new"
	dd if="$home/shift.new" of="$home/shift" conv=notrunc status=none
}

boots() { # SECONDS: the next one, with a clock so wrong
	boot=$((boot + 1))
	printf '%08x-0000-4000-8000-000000000000\n' "$boot" >"$home/boot_id"
	wall "$1"
	start
}

is_stale() {
	has "$(ask www.example.com A)" "EDE: 3"
}

is_fresh() {
	said=$(ask "${1-www.example.com}" "${2-A}")
	has "$said" "status: NOERROR" && hasnt "$said" "EDE: 3"
}

ttl() {
	ask www.example.com A +noall +answer | awk 'NR == 1 { print $2 }'
}

# TTL is at most so much.
within_ttl() {
	left=$(ttl)
	echo "# TTL $left, at most $1"
	[ "$left" -le "$1" ]
}

renew() {
	"$lab_tool" heal
	ok "(and renewed)" within 15000 is_fresh
	ok "(the sign of life, too)" within 15000 is_fresh . SOA
	sleep 1
	"$lab_tool" cut all
}

[ "$(id -u)" = 0 ] || { echo "# not root: there is but one boot id" && exit 0; }
cat >"$daemon" <<-END
	#!/bin/sh
	exec unshare -m sh -c 'mount --bind "$home/boot_id" /proc/sys/kernel/random/boot_id && exec env \\
		"LD_PRELOAD=$build/bin/wallshift.so" "WALLSHIFT=$home/shift" \\
		"ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0" "$real_daemon" "\$@"' sh "\$@"
END
chmod +x "$daemon"
CACHE_KEYS='ttl-policy: off'
configure

boots 0
answers www.example.com A
first=$(ttl)
"$lab_tool" cut all
ok "what a boot learned is not touched when its clock is put right" wall 5000
sleep 2
ok "(as is seen)" is_fresh
wall 0
stop
PATIENCE=3
boots 0
ok "after another boot it is there" is_fresh
ok "and goes on ageing" within_ttl "$first"
stop
boots 100
ok "by as much as the clock says" within_ttl $((first - 100))
wall 700
sleep 3
ok "also when that is said later" within_ttl $((first - 700))
ok "by the keeper" grep -q "the clock was behind" "$home/log"
kill -KILL "$(workers | head -1)"
ok "a worker that comes later knows it" within 3000 within_ttl $((first - 700))
kill -KILL "$(keeper)"
sleep 1
ok "and one that comes after another keeper" within_ttl $((first - 700))
wall $((first + 700))
ok "what has run out is stale" within 5000 is_stale
renew
stop
boots 0
ok "with a clock from before the snapshot everything has run out" is_stale
renew
stop
boots -1700000000
ok "in 1970, too" is_stale
stop
"$lab_tool" heal
boots 259200
"$lab_tool" cut all
ok "with a clock three days on nothing is left" has "$(PATIENCE=10 ask www.example.com A)" "status: SERVFAIL"
"$lab_tool" heal
