# SIGHUP under load: no question lost, the new file in force; a bad file changes nothing. RELOADS says how often.
. "$(dirname "$0")/system.sh"
RELOADS=${RELOADS-10}

reloaded() {
	has "$(ask reloaded.test A +short)" "192.0.2.1"
}

start
load 2 500 && load_result # fills the cache
load 4 1000
sleep 1
cat >>"$home/conf" <<END
local-data:
  records: ["reloaded.test. 60 IN A 192.0.2.1"]
END
kill -HUP "$daemon_pid"
ok "a record of the new file is served" within 3000 reloaded
load_result
ok "at least 999 of 1000 questions were answered during the reload" [ "$(answered_permille "$result")" -ge 999 ]
echo "# $result"
echo "no-such-key: 1" >>"$home/conf"
kill -HUP "$daemon_pid"
sleep 1
ok "a bad file leaves the old generation running" answers www.example.com A
ok "and the log names the line" has "$(tail -5 "$home/log")" "no-such-key"

# Who stood still when its generation was to leave: its successor does not take the order for its own.
serving() {
	has "$(control status | head -1)" "serving, generation $1,"
}
generation=$(control status | sed -n '1s/.*generation \([0-9]*\).*/\1/p')
sed -i '/no-such-key/d' "$home/conf"
kill -STOP "$(workers | head -1)"
for reload in 1 2; do
	kill -HUP "$daemon_pid"
	generation=$((generation + 1))
	ok "generation $generation serves" within 5000 serving $generation
done
load 3 200 && load_result
ok "and answers" [ "$(answered_permille "$result")" = 1000 ]
ok "its workers live on" hasnt "$(cat "$home/log")" "ended: status 0"

# Threats I14: many of them, one upon the other, of files good and bad by chance.
write_good() { # NUMBER
	WORKERS=$((number % 3 + 1))
	CACHE_KEYS="ttl-policy: $(shuf -n 1 -e off private strict)"
	SERVER_KEYS=$(shuf -n 1 -e '' 'minimal-answers: no' 'identity: "reloaded"')
	configure
	cat >>"$home/conf" <<-END
		local-data:
		  records: ["number.reloaded.test. 60 IN TXT \"$1\""]
	END
}

write_bad() {
	shuf -n 1 -e 'no-such-key: 1' 'server: [' 'cache: {store-size: -1}' "$(printf '\001')" >>"$home/conf"
}

serves_number() {
	has "$(ask number.reloaded.test TXT +short)" "\"$1\""
}

configure
kill -HUP "$daemon_pid"
load $((RELOADS / 2 + 3)) 200
number=0
while [ "$number" -lt "$RELOADS" ] && alive "$load_pid"; do
	number=$((number + 1))
	write_good $number
	[ $((number % 3)) != 0 ] || write_bad
	kill -HUP "$daemon_pid"
	sleep "0.$(shuf -n 1 -i 100-600)"
done
ok "all reloads were asked for" [ "$number" = "$RELOADS" ]
load_result
echo "# $RELOADS reloads: $result"
ok "no question is lost by $RELOADS reloads" [ "$(answered_permille "$result")" = 1000 ]
write_good last
kill -HUP "$daemon_pid"
ok "and the last file is the one in force" within 5000 serves_number last
ok "nobody died meanwhile" hasnt "$(cat "$home/log")" "ended: signal"
