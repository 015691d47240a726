# Signals, crash loops, a keeper that stands still, a full disk: what one of them may cost.
. "$(dirname "$0")/system.sh"

all_gone() { # PID...
	for pid in "$@"; do
		gone "$pid" || return 1
	done
}

worker_changed() {
	now=$(workers | head -1)
	[ -n "$now" ] && [ "$now" != "$victim" ]
}

WORKERS=2
configure
start
pids=$(family)
kill "$daemon_pid"
# shellcheck disable=SC2086
ok "all processes end within a second of SIGTERM" within 1000 all_gone $pids
start
pids=$(family)
: >"$home/log"
for pid in $pids; do # as a service manager does, the children first
	[ "$pid" = "$daemon_pid" ] || kill "$pid"
done
sleep 0.2
kill "$daemon_pid"
# shellcheck disable=SC2086
ok "and of one to each of them" within 1000 all_gone $pids
ok "without a complaint" hasnt "$(cat "$home/log")" "error"
start
pids=$(family)
kill -KILL "$daemon_pid"
# shellcheck disable=SC2086
ok "children end with a supervisor that was killed" within 1000 all_gone $pids
start
ok "which leaves nothing in the way of the next one" answers www.example.com A
stop

# A worker killed again and again is started ever later, and the other one goes on.
start
answers www.example.com A
killed=0
until=$(($(date +%s) + 6))
while [ "$(date +%s)" -lt "$until" ]; do
	victim=$(workers | tail -1)
	[ -z "$victim" ] || { kill -KILL "$victim" && killed=$((killed + 1)); }
	sleep 0.05
done
ok "a process that always dies rests between its lives" [ "$killed" -lt 60 ]
echo "# killed $killed times in 6 s"
ok "and is there again afterwards" within 6000 answers www.example.com A
ok "the log says what happened" has "$(cat "$home/log")" "ended: signal 9"
within 6000 [ "$(workers | wc -l)" = 2 ] || true

# A keeper that stands still costs nobody an answer.
head -400 "$LAB_NAMES/cold-unsigned" >"$home/cold"
kill -STOP "$(keeper)"
load 6 60 "$home/cold"
load_result
ok "no question is lost while the keeper stands still" [ "$(answered_permille "$result")" = 1000 ]
echo "# $result"
kill -CONT "$(keeper)"
ok "it goes on afterwards" answers www.good.lab A
stop

# Full disks.
if [ "$(id -u)" = 0 ]; then
	mkdir -p "$home/small"
	mount -t tmpfs -o size=256k,mode=700 none "$home/small" && mounted=yes
	if [ -n "${mounted-}" ]; then
		CACHE_KEYS="live-directory: \"$home/small\""
		configure
		start
		load 5 60 "$home/cold"
		load_result
		ok "a store without room costs no answer" [ "$(answered_permille "$result")" = 1000 ]
		ok "names resolve" answers www.nsec3.lab A
		stop
		CACHE_KEYS=
		sed "s|^  directory:.*|  directory: \"$home/small\"|" "$home/conf" | sed '/live-directory/d' >"$home/conf.new"
		mv "$home/conf.new" "$home/conf"
		dd if=/dev/zero of="$home/small/ballast" bs=1k count=300 2>/dev/null || true
		start
		ok "a snapshot without room costs no answer" answers www.example.com A
		stop
		ok "and is told" has "$(cat "$home/log")" "no snapshot in"
		umount "$home/small"
	fi
fi
configure

# Directories that cannot be had.
sed "s|^  run-dir:.*|  run-dir: /proc/nowhere|; s|^  directory:.*|  directory: /proc/neither|" "$home/conf" >"$home/conf.new"
mv "$home/conf.new" "$home/conf"
start
ok "serves without its directories" answers www.example.com A
ok "and names them" has "$(cat "$home/log")" "cannot use /proc/nowhere"
stop

# Somebody who starts it without a configuration and without being root.
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null; then
	chmod 711 "$home"
	mkdir -p "$home/user" && chown nobody "$home/user"
	cat >"$home/plain" <<-END
		server: {listen: ["127.0.0.1@$PORT"], workers: 1, user: root}
		upstream: {root-hints-file: "$home/hints"}
		validation: {trust-anchors: ["$(cat "$LAB_ANCHOR")"]}
	END
	cp "$LAB_HINTS" "$home/hints"
	chmod 644 "$home/plain" "$home/hints"
	cp "$daemon" "$home/warrend" && chmod 755 "$home/warrend"
	setsid "$lab_tool" exec env -u XDG_RUNTIME_DIR -u XDG_CACHE_HOME HOME="$home/user" \
		setpriv --reuid=nobody --clear-groups "$home/warrend" -c "$home/plain" </dev/null >>"$home/log" 2>&1 &
	daemon_pid=$!
	ok "a plain user's daemon answers" within 10000 answers www.example.com A
	ok "and tells that it stays who it is" grep -q "cannot become root: not started as root" "$home/log"
	ok "and says where it keeps things" has "$(cat "$home/log")" "$home/user/.cache/warren"
	cp "$(beside warrenctl)" "$home/warrenctl" && chmod 755 "$home/warrenctl"
	ok "warrenctl finds it without being told where" \
		has "$(env -u XDG_RUNTIME_DIR -u WARREN_CONTROL setpriv --reuid=nobody --clear-groups "$home/warrenctl" status 2>&1)" "serving"
	stop
	ok "its snapshot is there" [ -s "$home/user/.cache/warren/snapshot" ]
	rm -rf "/tmp/warren-$(id -u nobody)"
fi

# Two addresses: the reply comes from the one that was asked (RFC 2181 section 4).
configure
sed -i "s|listen: .*|listen: [\"0.0.0.0@$PORT\", \"::@$PORT\"]|" "$home/conf"
start
for address in 127.0.0.1 127.0.0.2 127.1.2.3 198.19.0.2 ::1; do
	ok "a question to $address is answered from there" has "$(SERVER=$address ask www.example.com A)" "status: "
done
