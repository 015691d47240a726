# The world goes away and comes back.
. "$(dirname "$0")/system.sh"

fresh() {
	! has "$(ask ttl5.short.lab A)" "EDE: 3" >/dev/null && answers ttl5.short.lab A
}

start
load 2 500 && load_result
answers ttl5.short.lab A
"$lab_tool" cut all
load 8 500
sleep 6
ok "an answer that ran out is served stale" has "$(ask ttl5.short.lab A +short)" "198.18.100.5"
ok "and says so" has "$(ask ttl5.short.lab A)" "EDE: 3"
load_result
ok "at least 999 of 1000 questions of the hot set are answered" [ "$(answered_permille "$result")" -ge 999 ]
echo "# $result"
"$lab_tool" heal
ok "within ten seconds of the world's return answers are fresh" within 10000 fresh
ok "and new names resolve" answers www.unsigned.lab A
