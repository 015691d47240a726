# Under load: processes killed and stopped at random, a disk that is too small, a disk that is full for a while.
#
# What tools/torture does for longer; KILLS, STOP_S, DISK_S, ENTRIES say how long.
. "$(dirname "$0")/system.sh"
KILLS=${KILLS-20} STOP_S=${STOP_S-6} DISK_S=${DISK_S-5} ENTRIES=${ENTRIES-100000}
RATE=400

children() {
	tr ' ' '\n' <"/proc/$daemon_pid/task/$daemon_pid/children"
}

kill_at_random() {
	killed=0
	while [ "$killed" -lt "$KILLS" ] && alive "$load_pid"; do
		sleep "0.$(shuf -n 1 -i 400-999)"
		victim=$(children | sed '/^$/d' | shuf -n 1)
		[ -z "$victim" ] || ! kill -KILL "$victim" 2>/dev/null || killed=$((killed + 1))
	done
}

entries() {
	control status --json | sed -n 's/.*"store": *{"entries": *\([0-9]*\).*/\1/p'
}

kept() {
	control status --json | sed -n 's/.*"kept": *\([0-9]*\).*/\1/p'
}

store_octets() {
	stat -c %s "$1/data.mdb"
}

# Nothing of a load was lost, wrong or otherwise than at first.
complete() {
	echo "# $result"
	[ "$(answered_permille "$result")" = 1000 ] && [ "$(figure changed "$result")" = 0 ]
}

WORKERS=2
"$(beside cachefill)" "$home/cache" "$ENTRIES" "$home/stocked" 2000 >/dev/null
configure
sed -i "s/store-size: .*/store-size: $((ENTRIES / 1000 + 64))M/" "$home/conf"
head -400 "$LAB_NAMES/cold-unsigned" >"$home/cold"
cat "$home/names" "$home/stocked" >"$home/mixed"
start
ok "what was kept is there" within 3000 [ "$(entries)" -ge "$ENTRIES" ]
load 3 500 "$home/mixed"
load_result
sleep 1

# 1. Random kill -9 of any child.
before=$(entries) octets=$(store_octets "$home/run/store")
load $((KILLS + 5)) $RATE "$home/mixed"
kill_at_random
ok "children were killed" [ "$killed" -ge $((KILLS * 8 / 10)) ]
load_result
echo "# $killed killed; $result"
ok "at least 999 of 1000 cached questions were answered" [ "$(answered_permille "$result")" -ge 999 ]
ok "no answer changed" [ "$(figure changed "$result")" = 0 ]
ok "nobody thinks the store is damaged" hasnt "$(cat "$home/log")" "starting over"
ok "nor of no use" hasnt "$(cat "$home/log")" "of no use"
ok "the store is not lost" within 5000 [ "$(entries)" -ge $((before * 99 / 100)) ]
grown=$((($(store_octets "$home/run/store") - octets) * 1000 / octets))
echo "# the store's file grew by $grown of 1000"
ok "and its file has not grown by more than 5 %" [ "$grown" -le 50 ]
ok "a new name resolves" answers www.good.lab A

# 2. One that stands still is as good as dead: its questions wait for the next one.
victim=$(workers | head -1)
kill -STOP "$victim"
load "$STOP_S" $RATE "$home/mixed"
load_result
ok "no question is lost while a worker stands still" complete
kill -CONT "$victim" 2>/dev/null || true
kill -STOP "$(keeper)"
load "$STOP_S" 60 "$home/cold"
load_result
ok "nor while the keeper does" complete
kill -CONT "$(keeper)"
ok "it goes on" answers www.nsec3.lab A
stop

# 3. A disk smaller than the map, and one that is full for a while.
if [ "$(id -u)" = 0 ] && mkdir -p "$home/small" && mount -t tmpfs -o size=4M,mode=700 none "$home/small"; then
	CACHE_KEYS="live-directory: \"$home/small\""
	configure
	start
	load "$DISK_S" 200
	load_result
	ok "a disk smaller than the map costs no answer" complete
	dd if=/dev/zero of="$home/small/ballast" bs=4k 2>/dev/null || true
	load "$DISK_S" 100 "$home/cold"
	load_result
	ok "nor does a disk that is full" complete
	ok "nobody died of either" hasnt "$(sed '1,/of no use/d' "$home/log")" "ended: signal 7"
	rm -f "$home/small/ballast"
	sleep 11
	before=$(kept)
	control flush lab --tree >/dev/null
	for name in www.good.lab www.nsec3.lab www.unsigned.lab; do
		answers "$name" A || true
	done
	sleep 1
	ok "with room again the keeper keeps again" [ "$(kept)" -gt "$before" ]
	stop
	umount "$home/small"
fi
