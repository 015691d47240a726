# What the daemon says when it cannot have what it was told.
. "$(dirname "$0")/system.sh"

refuses() { # WORDS: it ends with an error within ten seconds, in which they occur
	if said=$(in_lab timeout 10 "$daemon" -c "$home/conf" 2>&1); then
		echo "# ended well"
		return 1
	fi
	has "$said" "$1"
}

ok "the file is checked without being run" in_lab "$daemon" --check -c "$home/conf"
echo "servers: {}" >>"$home/conf"
ok "an unknown key is named" refuses "servers"
ok "and the nearest known one is" refuses "server"
configure
rm -f "$home/none"
ok "a missing file is named" has "$(in_lab "$daemon" -c "$home/none" 2>&1)" "$home/none"

program echo echo.c -lev
"$lab_tool" exec "$build/bin/echo" 127.0.0.1 "$PORT" &
holder=$!
sleep 0.3
ok "a port in use is named" refuses "$PORT"
end "$holder"

configure
start
first_pid=$daemon_pid
sed "s|$home/run|$home/run2|; s|$home/cache|$home/cache2|" "$home/conf" >"$home/conf.second"
ok "a port that another daemon of the same user has is in use, too" \
	has "$(in_lab timeout 10 "$daemon" -c "$home/conf.second" 2>&1)" "cannot listen on 127.0.0.1@$PORT: Address already in use"
daemon_pid=$first_pid
stop

configure
sed -i 's/"::1@/"203.0.113.9@/' "$home/conf"
start
ok "an address that the machine has not is named, and the other one serves" grep -q "203.0.113.9" "$home/log"
stop

hints=$LAB_HINTS
LAB_HINTS=$home/none
configure
setsid "$lab_tool" exec "$daemon" -c "$home/conf" </dev/null >"$home/log" 2>&1 &
daemon_pid=$!
ok "a missing hints file is named, whether it then serves or not" within 3000 grep -q "$home/none" "$home/log"
# shellcheck disable=SC2046
end $(family)
daemon_pid=
echo "; nobody" >"$home/none"
WORKERS=2
configure
WORKERS=1
setsid "$lab_tool" exec "$daemon" -c "$home/conf" </dev/null >"$home/log" 2>&1 &
daemon_pid=$!
ok "so is one without servers" within 3000 grep -q "$home/none: no root server.*built-in" "$home/log"
sleep 0.5
ok "by one of the workers" [ "$(grep -c "$home/none" "$home/log")" = 1 ]
# shellcheck disable=SC2046
end $(family)
daemon_pid=
LAB_HINTS=$hints

configure
mkdir -m 700 -p "$home/cache" "$home/run"
for folder in cache run; do
	head -c 100000 /dev/urandom >"$home/$folder/data.mdb"
done
start
ok "a cache of noise does not keep it from serving" answers www.example.com A
stop

rm -rf "$home/run" "$home/cache"
mkdir -m 700 "$home/run" "$home/run/store"
echo mine >"$home/run/control"
echo mine >"$home/run/store/data.mdb"
chmod 644 "$home/run/store/data.mdb"
: >"$home/log"
start
ok "what lies at the control socket's path is left there" grep -q mine "$home/run/control"
ok "and told" grep -q "no control socket at .*/run/control: something that is no socket" "$home/log"
ok "a store that others may read is not taken" grep -q "store in .* was of no use (.*owner or mode" "$home/log"
stop

# What the system withholds.
rm -rf "$home/run" "$home/cache"
under() { # LIMIT OF ULIMIT...: the daemon under it
	cat >"$home/under" <<-END
		#!/bin/sh
		ulimit $*
		exec $daemon "\$@"
	END
	chmod +x "$home/under"
}
prints_nowhere() {
	! said=$("$daemon" --schema 2>&1 >/dev/full) && has "$said" "standard output"
}
ok "what could not be printed is no success" prints_nowhere
if env --block-signal=TERM true 2>/dev/null; then
	said=$(in_lab timeout -k 5 3 env --block-signal=CHLD,HUP,TERM "$daemon" -c "$home/conf" 2>&1 || true)
	ok "signals that were blocked are heard" has "$said" "stopped"
fi
under -n 12
ok "too few descriptors are told" has "$(in_lab timeout 10 "$home/under" -c "$home/conf" 2>&1)" "cannot start: Too many open files"
under -f 0
UPSTREAM_KEYS='outgoing: ["203.0.113.9"]'
configure
said=$(in_lab timeout 5 "$home/under" -c "$home/conf" 2>&1 || true) # a pipe is no file
ok "where no file may have an octet it is ready" has "$said" "ready:"
ok "and its keeper lives" hasnt "$said" "ended: signal"
ok "an address to ask from that the machine has not is named" has "$said" "cannot ask from 203.0.113.9: "
