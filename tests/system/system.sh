# system.sh - what the system tests share: the daemon in a small lab, questions, and counting.
#
# Each test is run as "sh tests/system/NAME.sh [WARREND]"; it reads this file first.  It prints "ok" or "not ok"
# lines and ends with "N passed, N failed".  The lab is started if it is not up, and then ended again.

set -eu
here=$(cd "$(dirname "$0")" && pwd)
me=$(basename "$0" .sh)
tools=$here/../../tools
. "$tools/place.sh"
lab_tool=$tools/lab
daemon=${1-$build/check/resolver/server/warrend}
PORT=5300
passed=0 failed=0
daemon_pid=
# The sanitizers' leak check needs ptrace, which a daemon that drops privileges has not.
ASAN_OPTIONS=${ASAN_OPTIONS-detect_leaks=0}
export ASAN_OPTIONS

[ -x "$daemon" ] || { echo "not ok - there is a warrend to test" && echo "0 passed, 1 failed" && exit 1; }

finish() {
	trap - EXIT INT TERM HUP
	[ -z "$daemon_pid" ] || end $(family)
	[ -z "${server_pid-}" ] || contestant_stop
	[ -z "${load_pid-}" ] || end "$load_pid"
	"$lab_tool" heal >/dev/null 2>&1 || true
	[ -z "${ours-}" ] || "$lab_tool" down
	[ "$failed" = 0 ] || tail -${LOG_LINES-30} "$home/log" || true
	rm -rf "$home"
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}

# ok SENTENCE COMMAND...
ok() {
	sentence=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok - $sentence"
	else
		failed=$((failed + 1))
		echo "not ok - $sentence"
	fi
}

has() {
	case $1 in *"$2"*) return 0 ;; esac
	echo "# no \"$2\" in: $1" | head -20
	return 1
}

hasnt() {
	case $1 in *"$2"*) echo "# \"$2\" in: $1" | head -20 && return 1 ;; esac
}

within() { # MILLISECONDS COMMAND...: until it succeeds
	until=$(($(date +%s%N) / 1000000 + $1))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ $(($(date +%s%N) / 1000000)) -lt "$until" ] || return 1
		sleep 0.05
	done
}

in_lab() {
	"$lab_tool" exec "$@"
}

# ask NAME TYPE [OPTION...]
ask() {
	in_lab dig -p "$PORT" "@${SERVER-127.0.0.1}" +tries=1 +time="${PATIENCE-5}" "$@" 2>&1 || true
}

# Without the second that dig waits at least.
answers_at_once() {
	in_lab "$build/bin/flood" --count 1 --sockets 1 --in-flight 1 --timeout 50 127.0.0.1 "$PORT" "$home/names"
}

answers() {
	has "$(ask "$@")" "status: NOERROR"
}

# The groups server, upstream, cache and validation come once each, so tests add keys to them through the
# variables SERVER_KEYS, UPSTREAM_KEYS, CACHE_KEYS, VALIDATION_KEYS, and may append other groups to the file.
configure() {
	cat >"$home/conf" <<-END
		server:
		  listen: ["127.0.0.1@$PORT", "::1@$PORT"]
		  run-dir: "$home/run"
		  workers: ${WORKERS-1}
		  ${SERVER_KEYS-}
		upstream:
		  root-hints-file: "$LAB_HINTS"
		  ${UPSTREAM_KEYS-}
		cache:
		  directory: "$home/cache"
		  store-size: 64M
		  ${CACHE_KEYS-}
		validation:
		  trust-anchors: ["$(cat "$LAB_ANCHOR")"]
		  ${VALIDATION_KEYS-}
	END
}

start() {
	setsid "$lab_tool" exec "$daemon" -c "$home/conf" </dev/null >>"$home/log" 2>&1 &
	daemon_pid=$!
	within 10000 answers . SOA ${LIFE_SIGN-} && return
	failed=$((failed + 1))
	echo "not ok - the daemon starts and answers"
	exit 1
}

stop() {
	kill "$daemon_pid"
	within 2000 gone "$daemon_pid"
	daemon_pid=
}

gone() {
	! alive "$1"
}

# The supervisor and all it started.
family() {
	cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\([0-9]*\) (.*) . \([0-9]*\) .*/\1 \2/' |
		awk -v root="$daemon_pid" '$1 == root || $2 == root { print $1 }'
}

# The keeper is the one that has the store open for writing.
keeper() {
	for pid in $(family); do
		for fd in /proc/"$pid"/fd/*; do
			case $(readlink "$fd" 2>/dev/null) in
			*/data.mdb* | *.mdb)
				flags=$(sed -n 's/^flags:[^0-9]*//p' "/proc/$pid/fdinfo/${fd##*/}" 2>/dev/null)
				case $(readlink "$fd"):$flags in *lock.mdb*) ;; *2) echo "$pid" && return ;; esac
				;;
			esac
		done
	done
}

workers() {
	keeper_pid=$(keeper)
	for pid in $(family); do
		[ "$pid" = "$daemon_pid" ] || [ "$pid" = "$keeper_pid" ] || echo "$pid"
	done
}

# load SECONDS RATE [LIST]: in the background; load_result waits for it and leaves its line in result.
load() {
	"$lab_tool" exec "$build/bin/flood" --steady --seconds "$1" --rate "$2" 127.0.0.1 "$PORT" "${3-$home/names}" >"$home/load" 2>&1 &
	load_pid=$!
}

load_stop() { # before its time; then as load_result
	kill "$load_pid"
	load_result
}

load_result() {
	wait "$load_pid" || true
	load_pid=
	result=$(tail -1 "$home/load")
}

# answered_permille LINE-OF-FLOOD: how many of a thousand questions got NOERROR.
answered_permille() {
	echo "$1" | tr ' ' '\n' | awk -F= '$1 == "sent" { sent = $2 } $1 == "NOERROR" { good = $2 } END { print (sent > 0 ? int(good * 1000 / sent) : 0) }'
}

# figure NAME LINE-OF-FLOOD
figure() {
	echo "$2" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# beside NAME: the path of another program of the same build.
beside() {
	for beside in "$(dirname "$daemon")/$1" "$(dirname "$daemon")/../../tools/$1" "$build/check/tools/$1" "$build/tools/$1"; do
		[ ! -x "$beside" ] || { echo "$beside" && return; }
	done
	die "there is no $1 beside $daemon"
}

control() {
	"$(beside warrenctl)" -s "$home/run/control" "$@" 2>&1
}

home=$(mktemp -d)
program flood flood.c
"$lab_tool" status >/dev/null 2>&1 || ours=yes
trap 'finish' EXIT
trap 'exit 130' INT TERM HUP
"$lab_tool" up --zones 50
. "$("$lab_tool" env)"
head -200 "$LAB_NAMES/hot" >"$home/names"
configure
