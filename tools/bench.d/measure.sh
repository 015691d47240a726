# measure.sh - what a running server costs: processor time of all its processes and threads, memory, packets.

# The process and all that descend from it.
family_of() {
	cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\([0-9]*\) (.*) . \([0-9]*\) .*/\1 \2/' | awk -v root="$1" '
		{ parent[$1] = $2 }
		END {
			for (pid in parent)
				for (p = pid; p in parent || p == root; p = parent[p])
					if (p == root) {
						print pid
						break
					}
		}'
}

# start_pinned LOG COMMAND...: where the resolver lives, on the server's core.  Sets server_pid.
start_pinned() {
	log=$1
	shift
	setsid "$lab_tool" exec taskset -c "$SERVER_CORE" "$@" </dev/null >"$log" 2>&1 &
	server_pid=$!
}

# User and system time so far, in clock ticks.
ticks_of() {
	for pid in $(family_of "$1"); do
		cat "/proc/$pid"/task/*/stat 2>/dev/null || true
	done | sed 's/.*) //' | awk '{ user += $12; kernel += $13 } END { print user + 0, kernel + 0 }'
}

# What it occupies, in octets.  kresd maps a file whose size is fixed, so what it touched of it counts; others
# count with what no other process has, and with the files they wrote.
memory_of() {
	what=Pss_Anon
	[ "$who" != kresd ] || what=Pss
	for pid in $(family_of "$server_pid"); do
		cat "/proc/$pid/smaps_rollup" 2>/dev/null || true
	done | awk -v what="$what:" -v files="$([ "$who" = kresd ] && echo 0 || du -sk "$home" | cut -f1)" '
		$1 == what { sum += $2 }
		END { print (sum + files) * 1024 }'
}

field() {
	case " $result " in
	*" $1="*)
		value=${result#*"$1="}
		echo "${value%% *}"
		;;
	*) echo 0 ;;
	esac
}

flood() {
	"$lab_tool" exec taskset -c "$LOAD_CORE" "$build/bin/flood" "$@"
}

# measure WHAT MODE FILE [FLOOD-OPTION...]: asks and appends a line to the results.
measure() {
	key="$1 $2 $who $run" file=$3
	shift 3
	before=$(ticks_of "$server_pid")
	packets=$("$lab_tool" packets)
	result=$(flood "$@" 127.0.0.1 $PORT "$file") || true
	packets=$(($("$lab_tool" packets) - packets))
	after=$(ticks_of "$server_pid")
	echo "$before $after $packets $(field answered) $(field qps) $(field p50) $(field p99) $(field lost) $(field SERVFAIL)" |
		awk -v key="$key" -v hz="$(getconf CLK_TCK)" '{
			n = $6 > 0 ? $6 : 1
			printf "%s qps %.0f\n%s user %.4f\n%s system %.4f\n", key, $7, key, ($3 - $1) / hz / n * 1e6, key, ($4 - $2) / hz / n * 1e6
			printf "%s cpu %.4f\n", key, ($3 - $1 + $4 - $2) / hz / n * 1e6
			printf "%s p50 %s\n%s p99 %s\n%s upstream %.3f\n%s failed %d\n", key, $8, key, $9, key, $5 / n, key, $10 + $11
		}' >>"$results"
}
