# What was learned is there again after a restart, without asking; a store with ENTRIES, however the daemon ended.
. "$(dirname "$0")/system.sh"

ENTRIES=${ENTRIES-20000}

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

first_answer() {
	in_lab "$build/bin/flood" --count 1 --sockets 1 --in-flight 1 --timeout 20 127.0.0.1 "$PORT" "$home/stocked" 2>/dev/null |
		grep -q NOERROR=1
}

entries() { # as the keeper last said
	sed -n 's/.* \([0-9]*\) entries kept.*/\1/p' "$home/log" | tail -1
}

# comes_back CASE: it ended at $ended; starts it and looks what it knows, the world being cut off.
comes_back() {
	began=$(milliseconds)
	setsid "$lab_tool" exec "$daemon" -c "$home/conf" </dev/null >>"$home/log" 2>&1 &
	daemon_pid=$!
	until first_answer || [ $(($(milliseconds) - began)) -gt 20000 ]; do :; done
	now=$(milliseconds)
	load 2 2000 "$home/stocked"
	load_result
	echo "# $1: the first answer $((now - began)) ms after its start, $((now - ended)) ms after the end; $(entries) entries; $result"
	ok "$1 at least 99 % is there" [ "$(entries)" -ge $((ENTRIES * 99 / 100)) ]
	ok "and answered as it was" [ "$(answered_permille "$result"):$(figure changed "$result")" = 1000:0 ]
	sleep 1
}

start
answers www.example.com A
answers www.good.lab A
stop
start
"$lab_tool" cut all
PATIENCE=3
ok "an unsigned name is answered with the world cut off" answers www.example.com A
ok "a signed one too" answers www.good.lab A
ok "one never asked is not" has "$(PATIENCE=10 ask www.unsigned.lab A)" "status: SERVFAIL"
"$lab_tool" heal
ok "and comes back with the world" within 15000 answers www.unsigned.lab A
stop
rm -rf "$home/cache" "$home/run"

"$(beside cachefill)" "$home/cache" "$ENTRIES" "$home/stocked" 4000 >/dev/null
sed -i "s/store-size: .*/store-size: $((ENTRIES / 2000 + 64))M/" "$home/conf"
"$lab_tool" cut all
ended=$(milliseconds)
comes_back "after a power cut"
ended=$(milliseconds)
# shellcheck disable=SC2046
kill -KILL $(family)
comes_back "after SIGKILL of everything"
ended=$(milliseconds)
stop
comes_back "after SIGTERM"
