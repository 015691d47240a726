# What the live store may suffer: removed, cut, overwritten, resized, wanted by two.  Answers go on, and what was
# learned comes back.
. "$(dirname "$0")/system.sh"

logged() {
	grep -q "$1" "$home/log"
}

entries() { # the last number of entries the keeper spoke of
	sed -n 's/.* \([0-9]*\) entries kept.*/\1/p' "$home/log" | tail -1
}

# kept_again: a keeper has taken over since the mark, and with it most of what was there.
mark() {
	before=$(grep -c 'entries kept' "$home/log")
}

kept_again() {
	[ "$(grep -c 'entries kept' "$home/log")" -gt "$before" ] && [ "$(entries)" -gt "$1" ]
}

snapshot_now() { # by the end of a keeper, which the supervisor starts again
	mark
	kill -USR1 "$(keeper)"
	within 3000 kept_again 100
}

generation_serves() {
	[ "$(grep -c 'generation [0-9]* serves' "$home/log")" -gt "$generations" ]
}

damage() { # WHAT SENTENCE: under load; then everything is there again
	generations=$(grep -c 'generation [0-9]* serves' "$home/log") || true
	mark
	load 5 500
	sleep 1
	$1
	ok "a store that was $2 is noticed, and the last snapshot put in its place" within 3500 kept_again 100
	load_result
	ok "at least 990 of 1000 questions were answered meanwhile" [ "$(answered_permille "$result")" -ge 990 ]
	echo "# $result"
	ok "workers open the new one" within 3000 generation_serves
	ok "a new name is learned" answers "$3" A
	ok "nobody keeps dying" [ "$(grep -c 'ended: signal' "$home/log")" -le "$4" ]
}

remove_it() {
	rm -f "$home/run/store/data.mdb" "$home/run/store/lock.mdb"
}

cut_it() {
	truncate -s 8192 "$home/run/store/data.mdb"
}

overwrite_it() {
	head -c 400000 /dev/urandom | dd of="$home/run/store/data.mdb" bs=4096 seek=2 conv=notrunc status=none
}

WORKERS=2
configure
start
load 2 500 && load_result
sleep 1
ok "a keeper that is told to end leaves a snapshot" snapshot_now
ok "and it is there" [ -s "$home/cache/snapshot" ]
damage remove_it removed www.good.lab 0
damage cut_it cut www.short.lab 3
sleep 1
before_noise=$(grep -c 'ended: ' "$home/log")
overwrite_it
load 3 500
load_result
ok "with noise in the store at least 990 of 1000 are answered" [ "$(answered_permille "$result")" -ge 990 ]
echo "# $result"
ok "and each process died at most once of it" [ "$(($(grep -c 'ended: ' "$home/log") - before_noise))" -le 4 ]
stop
start
ok "it starts over what noise has left" answers www.example.com A
stop

start
load 2 500 && load_result
CACHE_KEYS="hot-size: 2M"
sed -i 's/store-size: 64M/store-size: 128M/' "$home/conf"
mark
kill -HUP "$daemon_pid"
ok "a larger store is taken at a reload" within 4000 kept_again 100
sed -i 's/store-size: 128M/store-size: 16M/' "$home/conf"
mark
sleep 1
kill -HUP "$daemon_pid"
ok "and a smaller one" within 4000 kept_again 100
ok "answers go on" answers www.example.com A

# Another daemon, on the same directories.
sed "s/@$PORT\"/@5399\"/g" "$home/conf" >"$home/conf2"
setsid "$lab_tool" exec "$daemon" -c "$home/conf2" </dev/null >"$home/log2" 2>&1 &
second_pid=$!
first_pid=$daemon_pid
ok "a second daemon says that somebody keeps there" within 5000 grep -q "another process keeps there" "$home/log2"
PORT=5399
ok "and answers from memory" within 5000 answers www.example.com A
PORT=5300
ok "the first one goes on" answers www.example.com A
daemon_pid=$second_pid
# shellcheck disable=SC2046
end $(family)
daemon_pid=$first_pid
mark
kill -KILL "$(keeper)"
ok "and still has its store" within 3000 kept_again 100
