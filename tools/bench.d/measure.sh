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

# Time so far: of all in nanoseconds, and what of it the kernel ascribes to user and system, in clock ticks.
time_of() {
	family=$(family_of "$1")
	for pid in $family; do
		cat "/proc/$pid"/task/*/schedstat 2>/dev/null || true
	done | awk '{ sum += $1 } END { printf "%.0f ", sum }'
	for pid in $family; do
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

# measure WHAT MODE FILE [FLOOD-OPTION...]: asks and appends a line to the results.  The sum is exact; user and
# system are its parts in the proportion of their ticks.
measure() {
	key="$1 $2 $who $run" file=$3
	shift 3
	before=$(time_of "$server_pid")
	packets=$("$lab_tool" packets)
	result=$(flood "$@" 127.0.0.1 $PORT "$file") || true
	packets=$(($("$lab_tool" packets) - packets))
	after=$(time_of "$server_pid")
	echo "$before $after $packets $(field answered) $(field qps) $(field p50) $(field p99) $(field lost) $(field SERVFAIL)" |
		awk -v key="$key" '{
			n = $8 > 0 ? $8 : 1
			cpu = ($4 - $1) / n / 1000
			ticks = $5 - $2 + $6 - $3
			user = ticks > 0 ? cpu * ($5 - $2) / ticks : 0
			printf "%s qps %.0f\n%s user %.4f\n%s system %.4f\n", key, $9, key, user, key, cpu - user
			printf "%s cpu %.4f\n", key, cpu
			printf "%s p50 %s\n%s p99 %s\n%s upstream %.3f\n%s failed %d\n", key, $10, key, $11, key, $7 / n, key, $12 + $13
		}' >>"$results"
}
