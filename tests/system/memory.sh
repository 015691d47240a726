# Threats D11, I12: little memory.  A control group of MIB MiB, the store on tmpfs, all settings as they come, a
# snapshot that is larger; every kind of load at once; then less memory than is needed.
. "$(dirname "$0")/system.sh"
# ASan's shadow takes its part, and what it keeps back of memory that was freed.
! grep -q __asan_init "$daemon" || MIB=${MIB-256}
ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=4
MIB=${MIB-128} ENTRIES=${ENTRIES-1000000} SECONDS_EACH=${SECONDS_EACH-5}
RATE=${RATE-200} NEW=${NEW-1000} DEAD=${DEAD-500}
MEGABYTE=1048576
group=/sys/fs/cgroup/memory/warren-$$
tmpfs=$home/tmpfs

leave() {
	# shellcheck disable=SC2046
	[ -z "$daemon_pid" ] || end $(family)
	daemon_pid=
	umount "$tmpfs" 2>/dev/null || true
	finish || status=1
	rmdir "$group" 2>/dev/null || true
	exit "${status-0}"
}

trap 'leave' EXIT
[ "$(id -u)" = 0 ] && mkdir -p "$tmpfs" && mount -t tmpfs -o mode=700 none "$tmpfs" ||
	{ echo "# not root: nothing to test" && exit 0; }
if ! mkdir "$group" 2>/dev/null || ! echo $((MIB * MEGABYTE)) >"$group/memory.limit_in_bytes"; then
	echo "# no control groups of version 1: nothing to test"
	exit 0
fi

group_says() { # FILE [WORD]
	awk -v word="${2-}" 'word == "" { print $1 } $1 == word { print $2 }' "$group/memory.$1"
}

say_memory() {
	for pid in $(family); do
		awk -v pid="$pid" '{ n[$1] = $2 } END { printf "# process %d: Pss %d KiB; of it %d on tmpfs, %d its own\n",
			pid, n["Pss:"], n["Pss_Shmem:"], n["Private_Dirty:"] }' "/proc/$pid/smaps_rollup"
	done
	echo "# tmpfs: $(du -sk "$tmpfs" | cut -f 1) KiB; the group: $(($(group_says usage_in_bytes) / MEGABYTE)) MiB," \
		"at most $(($(group_says max_usage_in_bytes) / MEGABYTE)) of $MIB; $(group_says oom_control oom_kill) processes killed"
}

other() { # RATE SECONDS FILE: questions that nobody counts
	# shellcheck disable=SC2086
	"$lab_tool" exec "$build/bin/flood" --seconds "$2" --rate "$1" --sockets 64 ${clients-} 127.0.0.1 "$PORT" "$3" >>"$home/others" &
	other_pids="${other_pids-} $!"
}

others_end() {
	# shellcheck disable=SC2086
	wait $other_pids || true
	other_pids=
}

score() {
	cat "/proc/$1/oom_score_adj"
}

goes_first() { # PID
	[ "$(score "$1")" -gt "$(score "$daemon_pid")" ]
}

# Down to what cannot be had back.
squeeze() {
	mib=$(($(group_says usage_in_bytes) / MEGABYTE + 1))
	while echo $((mib * MEGABYTE)) 2>/dev/null >"$group/memory.limit_in_bytes"; do
		mib=$((mib - 1))
	done
	echo "# from now on there are $((mib + 1)) MiB"
}

killed() {
	[ "$(group_says oom_control oom_kill)" -gt 0 ]
}

real_daemon=$daemon
daemon=$home/grouped
cat >"$daemon" <<-END
	#!/bin/sh
	echo \$\$ >"$group/cgroup.procs" && exec "$real_daemon" "\$@"
END
chmod +x "$daemon"
WORKERS=2
CACHE_KEYS="live-directory: \"$tmpfs/store\""
configure
sed -i '/store-size/d' "$home/conf"
"$(beside cachefill)" "$home/cache" "$ENTRIES" >/dev/null
echo "# the snapshot has $(du -sk "$home/cache" | cut -f 1) KiB"
start
ok "it says that it takes less than it was told" has "$(cat "$home/log")" "half of the memory there is"
ok "and leaves a snapshot alone that is too large" has "$(cat "$home/log")" "was of no use (the store is full)"
ok "workers go before the supervisor" goes_first "$(workers | head -1)"
ok "so does the keeper" goes_first "$(keeper)"
load 2 500
load_result
awk '{ sub(/^[^.]*\./, "", $1); zones[n++] = $1 } END { for (i = 0; i < 400000; i++) print "m" i "." zones[(i * 7919) % n] }' \
	"$LAB_NAMES/nx-unsigned" >"$home/new"
awk 'BEGIN { for (i = 0; i < 400000; i++) print "d" i ".dead.lab" }' >"$home/dead"
other "$NEW" "$SECONDS_EACH" "$home/new"
other "$DEAD" "$SECONDS_EACH" "$home/dead"
load "$SECONDS_EACH" "$RATE"
load_result
say_memory
others_end
echo "# cached: $result"
sed 's/^/# others: /' "$home/others"
echo "# $(control status | grep -A 1 '^store' | tr '\n' ' ')"
ok "nobody was killed for want of memory" [ "$(group_says oom_control oom_kill)" = 0 ]
ok "at least 990 of 1000 cached questions were answered" [ "$(answered_permille "$result")" -ge 990 ]
ok "none otherwise than at first" [ "$(figure changed "$result")" = 0 ]

# The world goes away: each new name is a question under way until it fails.
"$lab_tool" cut all
clients='--from 127.0.1.1 --in-flight 64' other 4000 9 "$home/new"
sleep 6
say_memory
echo "# under way: $(control stats | sed -n 's/^in_flight //p')"
others_end
"$lab_tool" heal
ok "nor when the world is away" [ "$(group_says oom_control oom_kill)" = 0 ]
ok "and when it is back names resolve" within 15000 answers www.nsec3.lab A

squeeze
other $((NEW * 4)) 10 "$home/new"
other "$DEAD" 10 "$home/dead"
within 9000 killed || true
echo $((MIB * MEGABYTE)) >"$group/memory.limit_in_bytes"
say_memory
grep 'ended: ' "$home/log" | sed 's/^/# /' | tail -4
ok "with less than that the supervisor lives on" alive "$daemon_pid"
ok "and with more again all is well" within 15000 answers www.good.lab A
others_end
ok "for those of before, too" within 15000 answers www.example.com A
