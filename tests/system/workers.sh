# Two workers share what they learn.
. "$(dirname "$0")/system.sh"

WORKERS=2
configure
start
ok "there are two workers" [ "$(workers | wc -l)" = 2 ]
load 3 1000
load_result
ok "every question is answered" [ "$(answered_permille "$result")" = 1000 ]
echo "# $result"
"$lab_tool" cut all
load 2 1000
load_result
"$lab_tool" heal
ok "each worker answers what either has learned" [ "$(answered_permille "$result")" = 1000 ]
echo "# $result"
