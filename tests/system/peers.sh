# The same questions to Warren and to other resolvers: rcode and AD must be the same.
#
# Left out are questions on which resolvers differ by policy that an RFC leaves to them: SHA-1 signatures
# (RFC 9905), NSEC3 iterations (RFC 9276 section 3.2), zones without a working server.
. "$(dirname "$0")/system.sh"
. "$tools/packages.sh"
. "$tools/build.sh"
. "$tools/bench.d/contestants.sh"
. "$tools/bench.d/measure.sh"
work=$home
SERVER_CORE=$(taskset -cp $$ | sed 's/.*: //')

list_questions() {
	head -n 2500 "$LAB_NAMES/all"
	head -n 1000 "$LAB_NAMES/all" | sed 's/ A$/ AAAA/'
	head -n 500 "$LAB_NAMES/nx-nsec"
	head -n 500 "$LAB_NAMES/nx-nsec3"
	head -n 500 "$LAB_NAMES/nx-unsigned"
	sed -n 's/^bind \(.*\) .*/\1/p' "$LAB_DIR/serve" |
		grep -vE '^(alg5|alg7|iter50|iter51|iter150|lame|dead|halfdead|deadv6|onlyv6|ring1|ring2)\.lab$' |
		awk '{ print "www." $1 " A"; print "www." $1 " TXT"; print "nothing." $1 " A"; print $1 " SOA"; print $1 " DS" }'
}

# put_questions FILE: number, rcode and AD of each, in order.
put_questions() {
	in_lab "$build/bin/flood" --each --do --sockets 2 --timeout 10000 127.0.0.1 "$PORT" "$home/questions" |
		grep '^[0-9]' | sort -n >"$1"
}

compare() { # OTHER
	join "$home/warrend.said" "$home/$1.said" |
		awk '$2 != $4 || $3 != $5 { print $1, "warrend:", $2, $3, "'"$1"':", $4, $5 }' >"$home/differ"
	while read -r number rest; do
		echo "# $(sed -n "${number}p" "$home/questions") $rest"
	done <"$home/differ" | head -20
	[ ! -s "$home/differ" ] && [ "$(wc -l <"$home/$1.said")" = "$(wc -l <"$home/questions")" ]
}

list_questions >"$home/questions"
start
put_questions "$home/warrend.said"
stop
ok "every question is answered" [ "$(wc -l <"$home/warrend.said")" = "$(wc -l <"$home/questions")" ]
for peer in unbound kresd pdns_recursor named; do
	[ -n "$(contestant_path $peer)" ] || continue
	run_home=$home
	contestant_start "$peer" on || continue
	home=$run_home
	put_questions "$home/$peer.said"
	contestant_stop
	ok "$peer says the same of $(wc -l <"$home/questions") questions" compare "$peer"
done
