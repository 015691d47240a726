# The operator's door: what a running daemon says of itself, forgets, believes and explains.
. "$(dirname "$0")/system.sh"

fails() { # WORDS COMMAND...: it ends with status 1 and says so
	words=$1
	shift
	if said=$(control "$@"); then
		echo "# ended well: $said"
		return 1
	fi
	has "$said" "$words"
}

is_json() {
	python3 -c 'import json, sys
lines = [json.loads(line) for line in sys.stdin]
sys.exit(not lines)' || return 1
}

WORKERS=2
configure
start
ok "the socket is for its owner alone" [ "$(stat -c %a "$home/run/control")" = 600 ]
said=$(control status)
ok "status names the processes" has "$said" "worker 1"
ok "and the store" has "$said" "entries"
answers www.example.com A
answers www.good.lab A
answers www.example.com A
sleep 0.2
ok "lookup finds what was asked, in the store" has "$(control lookup www.example.com A)" "store www.example.com. A: answer"
ok "with what validation said" has "$(control lookup www.good.lab A)" "secure"
ok "dump has it too" has "$(control dump)" "www.good.lab. A"
ok "stats count" has "$(control stats --json)" '"queries_udp":'
if command -v python3 >/dev/null; then
	for command in status "stats --workers" "lookup www.good.lab" dump "nta add x.lab" "nta list" "nta remove x.lab" \
		"flush nosuch.lab" snapshot "log notice" anchors "explain www.good.lab --fresh"; do
		# shellcheck disable=SC2086
		control $command --json >"$home/json"
		ok "$command --json is JSON" is_json <"$home/json"
	done
fi

# All layers in all workers: asked so often from so many ports that both have it ready.
echo "www.good.lab A" >"$home/one"
load 1 200 "$home/one"
load_result
said=$(control stats --workers | sed -n 's/^answers_hit //p' | tr '\n' ' ')
ok "both workers have a finished answer" [ -z "$(echo "$said" | tr ' ' '\n' | grep -x 0)" ]
ok "a flush is done when the command ends" control flush good.lab --tree
ok "nothing is left in the store or in memory" [ -z "$(control lookup www.good.lab)" ]
"$lab_tool" cut all
ok "and nobody can answer it" has "$(PATIENCE=10 ask www.good.lab A)" "status: SERVFAIL"
load 1 100 "$home/one"
load_result
echo "# $result"
ok "neither worker has kept an answer" [ "$(figure NOERROR "$result")" = "" ]
ok "and they say so" [ "$(figure SERVFAIL "$result")" -gt 0 ]
"$lab_tool" heal
idle() { [ "$(control stats | sed -n 's/^in_flight //p')" = 0 ]; }
ok "the last of them have an end" within 10000 idle
control flush lab --tree
ok "what lies elsewhere is still there" has "$(control lookup www.example.com A)" "answer"

said=$(control explain www.good.lab --fresh)
ok "explain names the servers asked" has "$said" "a referral"
ok "and the keys that signed" has "$said" "good"
ok "and the answer" has "$said" "NOERROR, validated (AD)"
ok "what is cached is said to be" has "$(control explain www.good.lab)" "is in the cache: answer, secure"
said=$(control explain www.wrongds.lab --fresh)
ok "a broken chain is told" has "$said" "names no DNSKEY that is there"
ok "with the place where it broke" has "$said" "it broke here: wrongds.lab. DNSKEY, answer, is judged bogus"
ok "a bad signature is told" has "$(control explain www.badsig.lab --fresh)" "SGWR"
ok "an expired one too" has "$(control explain www.expired.lab --fresh)" "SGEX"
ok "and servers that are dead" has "$(control explain www.dead.lab --fresh)" "it broke here"

ok "a broken zone is not believed" has "$(ask www.badsig.lab A)" "status: SERVFAIL"
ok "a negative trust anchor is set" control nta add badsig.lab --for 4s
said=$(ask www.badsig.lab A)
ok "then the zone is answered" has "$said" "status: NOERROR"
ok "not as validated, and it says why" has "$said" "EDE: 33"
ok "the anchor is listed with its end" has "$(control nta list)" "badsig.lab."
sleep 6
ok "it ends by itself" [ -z "$(control nta list)" ]
ok "and then the zone is not believed" has "$(ask www.badsig.lab A)" "status: SERVFAIL"
control nta add badsig.lab
answers www.badsig.lab A
ok "or when it is taken back" control nta remove badsig.lab
ok "what was cached meanwhile is forgotten" has "$(ask www.badsig.lab A)" "status: SERVFAIL"
ok "one that is not there cannot be" fails "no such" nta remove badsig.lab

ok "a snapshot is written" control snapshot
ok "to the cache directory" [ -s "$home/cache/snapshot" ]
ok "a reload is done when the command ends" control reload
ok "by a new generation" has "$(control status)" "generation 2"
echo "no-such-key: 1" >>"$home/conf"
ok "a bad file is told with its line" fails "no-such-key" reload
ok "and the daemon serves" answers www.example.com A
ok "the level of the log is set" control log debug
ok "in every process" within 2000 grep -q "log level set" "$home/log"
ok "what is no command is refused" fails "no such command" frobnicate
head -c 10485760 /dev/urandom >"$home/garbage"
ok "garbage does no harm" has "$(python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
try:
	s.sendall(open(sys.argv[2], "rb").read())
except OSError:
	pass
print(s.recv(100))' "$home/run/control" "$home/garbage" 2>&1)" "too long"
ok "the daemon answers its operator afterwards" has "$(control status)" "serving"
ok "stop stops it" control stop
ok "within two seconds" within 2000 gone "$daemon_pid"
daemon_pid=
ok "and the socket is gone" [ ! -e "$home/run/control" ]
ok "a missing daemon is another exit status" [ "$(control status >/dev/null || echo $?)" = 3 ]

# RFC 7646 section 2: a negative trust anchor from the configuration, looked at every second.
nta_is_over() {
	hasnt "$(control nta list)" good.lab.
}

is_validated() {
	has "$(ask www.good.lab A +dnssec)" " ad;"
}

is_excepted() {
	has "$(ask www.good.lab A +dnssec)" "EDE: 33"
}

VALIDATION_KEYS='negative-anchors: ["good.lab", "expired.lab"]
  negative-anchor-recheck: 0'
configure
start
ok "a configured negative trust anchor counts, whatever is cached" within 5000 is_excepted
sed -i 's/negative-anchor-recheck: 0/negative-anchor-recheck: 1s/' "$home/conf"
ok "it is to be looked at every second" control reload
ok "a configured negative trust anchor is in force" has "$(ask www.expired.lab A)" "EDE: 33"
ok "where a zone validates again it ends soon" within 15000 nta_is_over
ok "what was not validated is forgotten" within 5000 is_validated
ok "that is told" grep -q "good.lab. validates again" "$home/log"
ok "where it does not validate it stays" has "$(control nta list)" "expired.lab."
ok "and nobody suffers from looking" has "$(ask www.expired.lab A)" "status: NOERROR"
ok "not those who ask for the SOA either" has "$(ask expired.lab SOA)" "status: NOERROR"
stop

# Somebody cleans up behind our back, or a second daemon that was to run in the same place does.
start
rm "$home/run/control"
kill -HUP "$daemon_pid"
ok "a control socket that was taken away is there again after a reload" within 5000 control status
mv "$home/run/control" "$home/run/ours" && echo mine >"$home/run/control"
stop
ok "what lies there instead is left" grep -q mine "$home/run/control"
