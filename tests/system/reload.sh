# SIGHUP under load: no question lost, the new file in force; a bad file changes nothing.
. "$(dirname "$0")/system.sh"

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
