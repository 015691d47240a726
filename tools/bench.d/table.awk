# table.awk - from lines "case mode who run quantity value" to medians and ratios, one table for each case and mode.

function median(key, n, i, j, swap, list) {
	n = count[key]
	for (i = 1; i <= n; i++)
		list[i] = value[key, i]
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
			swap = list[j]
			list[j] = list[j - 1]
			list[j - 1] = swap
		}
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function ratio(a, b) {
	return b > 0 ? sprintf("%.2f", a / b) : "-"
}

function row(group, who, best, floor, cpu) {
	cpu = median(group SUBSEP who SUBSEP "cpu")
	printf "  %-14s %8.0f %9.2f %8.2f %8.2f %9.0f %9.0f %9.2f %7d %8s %8s\n", who,
		median(group SUBSEP who SUBSEP "qps"), cpu, median(group SUBSEP who SUBSEP "user"),
		median(group SUBSEP who SUBSEP "system"), median(group SUBSEP who SUBSEP "p50"),
		median(group SUBSEP who SUBSEP "p99"), median(group SUBSEP who SUBSEP "upstream"),
		median(group SUBSEP who SUBSEP "failed"), ratio(cpu, best), ratio(cpu, floor)
}

{
	key = ($1 " " $2) SUBSEP $3 SUBSEP $5
	value[key, ++count[key]] = $6
	if (!(($1 " " $2) in seen)) {
		seen[$1 " " $2] = 1
		group[++groups] = $1 " " $2
	}
	if (!(($1 " " $2, $3) in present)) {
		present[$1 " " $2, $3] = 1
		members[$1 " " $2] = members[$1 " " $2] " " $3
	}
}

END {
	floor = median("floor -" SUBSEP "echo" SUBSEP "cpu")
	for (i = 1; i <= groups; i++) {
		g = group[i]
		split(g, part, " ")
		n = split(members[g], list, " ")
		if (part[1] == "memory") {
			printf "\nmemory, octets per cached name (validation %s)\n", part[2]
			best = 0
			for (j = 1; j <= n; j++) {
				m = median(g SUBSEP list[j] SUBSEP "octets")
				if (list[j] != "warrend" && (best == 0 || m < best))
					best = m
			}
			for (j = 1; j <= n; j++) {
				m = median(g SUBSEP list[j] SUBSEP "octets")
				printf "  %-14s %8.0f   to best peer %s\n", list[j], m, ratio(m, best)
			}
			continue
		}
		best = 0
		for (j = 1; j <= n; j++) {
			cpu = median(g SUBSEP list[j] SUBSEP "cpu")
			if (list[j] != "warrend" && list[j] != "echo" && (best == 0 || cpu < best))
				best = cpu
		}
		printf "\n%s%s\n", part[1], part[2] == "-" ? "" : ", validation " part[2]
		printf "  %-14s %8s %9s %8s %8s %9s %9s %9s %7s %8s %8s\n", "", "qps", "CPU us/q", "user", "system",
			"p50 us", "p99 us", "packets/q", "failed", "to best", "to echo"
		for (j = 1; j <= n; j++)
			row(g, list[j], best, floor)
	}
}
