# What was learned is there again after a restart, without asking.
. "$(dirname "$0")/system.sh"

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
