# kill -9 of a worker, of the keeper, under load of cached names.
. "$(dirname "$0")/system.sh"

keeper_is_back() {
	[ -n "$(keeper)" ]
}

WORKERS=2
configure
start
load 2 500 && load_result
load 4 1000
sleep 1
# shellcheck disable=SC2046
set -- $(workers)
kill -KILL "$1"
ok "the next answer comes within 200 ms of a worker's end" within 200 answers_at_once
load_result
ok "at least 999 of 1000 cached questions were answered" [ "$(answered_permille "$result")" -ge 999 ]
echo "# $result"
ok "there are two workers again" [ "$(workers | wc -l)" = 2 ]

load 4 1000
sleep 1
victim=$(keeper)
ok "there is a keeper" [ -n "$victim" ]
[ -z "$victim" ] || kill -KILL "$victim"
ok "the next answer comes within 200 ms of the keeper's end" within 200 answers_at_once
load_result
ok "every cached question was answered" [ "$(answered_permille "$result")" = 1000 ]
echo "# $result"
ok "there is a keeper again" within 2000 keeper_is_back
ok "a new name resolves" answers www.good.lab A
