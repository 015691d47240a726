# Snapshots: on a timer, at the end, and at an end that does not wait for one.
. "$(dirname "$0")/system.sh"
ENTRIES=${ENTRIES-100000}

entries() { # as the keeper last said
	sed -n 's/.* \([0-9]*\) entries kept.*/\1/p' "$home/log" | tail -1
}

# Of a file which one it is, of what size and from when.
identity() {
	stat -c '%i %s %y' "$home/cache/snapshot"
}

is_another() {
	[ "$(identity)" != "$before" ]
}

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

power_cut() {
	# shellcheck disable=SC2046
	kill -KILL $(family)
	daemon_pid=
	rm -rf "$home/run"
}

program slowdisk.so ../tests/system/slowdisk.c "-shared -fPIC"
real_daemon=$daemon
"$(beside cachefill)" "$home/cache" "$ENTRIES" "$home/stocked" 2000 >/dev/null
configure
sed -i "s/store-size: .*/store-size: $((ENTRIES / 2000 + 64))M/" "$home/conf"

# A disk too slow for the last one.
cat >"$home/slow" <<-END
	#!/bin/sh
	exec env "LD_PRELOAD=$build/bin/slowdisk.so" "ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0" "$real_daemon" "\$@"
END
chmod +x "$home/slow"
daemon=$home/slow
start
answers www.example.com A
sleep 1
before=$(identity) began=$(milliseconds)
ok "it ends, whatever the disk does" stop
echo "# $(($(milliseconds) - began)) ms, $ENTRIES entries"
ok "the snapshot of before is still there" [ "$(identity)" = "$before" ]
ok "beside one that was begun" [ "$(find "$home/cache" -type f | wc -l)" -gt 1 ]
rm -rf "$home/run"
daemon=$real_daemon
start
ok "it is whole" [ "$(entries)" -ge "$ENTRIES" ]
ok "and alone" [ "$(find "$home/cache" -type f -name '*snap*' | wc -l)" = 1 ]

# At the end.
answers www.example.com A
sleep 1
before=$(identity) began=$(milliseconds)
stop
echo "# $(($(milliseconds) - began)) ms, $(($(stat -c %s "$home/cache/snapshot") / 1024)) KiB"
ok "there is another one after the end" is_another
rm -rf "$home/run"
"$lab_tool" cut all
PATIENCE=3
start
ok "with all that was there" [ "$(entries)" -ge "$ENTRIES" ]
ok "and what was learned" answers www.example.com A
"$lab_tool" heal
stop

# On a timer.
CACHE_KEYS='snapshot-interval: 1s'
rm -rf "$home/cache" "$home/run"
configure
start
answers www.example.com A
sleep 1
before=$(identity)
ok "there is another one every second" within 5000 is_another
power_cut
"$lab_tool" cut all
start
ok "after a power cut the last one is there" answers www.example.com A
"$lab_tool" heal
stop

# Nowhere.
CACHE_KEYS=
rm -rf "$home/cache" "$home/run"
configure
sed -i 's|^  directory: .*|  directory: ""|' "$home/conf"
start
answers www.example.com A
stop
"$lab_tool" cut all
start
ok "without a directory what was learned outlasts the daemon" answers www.example.com A
ok "and nothing is written elsewhere" [ ! -e "$home/cache" ]
"$lab_tool" heal
