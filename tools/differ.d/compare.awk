# compare.awk - Warren's answers beside a peer's.  First file: the reasons; second: question, Warren, peer, by tabs.
#
# A line of reasons: PATTERN TAB WHAT TAB PEER TAB REASON.  The pattern is for "NAME TYPE FLAGS"; WHAT is rcode, ad, answer or
# authority (the first of them that differs), patience (the peer said nothing in the time) or any; PEER lists them, or is any
# peer but Warren backwards.

BEGIN { FS = "\t" }

FNR == NR {
	if ($0 !~ /^(#|$)/) {
		reasons++
		pattern[reasons] = $1
		what[reasons] = $2
		who[reasons] = $3
		reason[reasons] = $4
	}
	next
}

function is_about(who) {
	return who ~ peer || who ~ /^any/ && peer != "backwards"
}

function reason_of(question, differs, r) {
	for (r = 1; r <= reasons; r++)
		if (question ~ pattern[r] && (what[r] == "any" || what[r] == differs) && is_about(who[r]))
			return r
	return 0
}

{
	asked++
	if ($2 == $3)
		next
	split($2, ours, " ")
	split($3, theirs, " ")
	if (theirs[1] == "SILENCE")
		differs = "patience"
	else if (ours[1] != theirs[1] || ours[2] != theirs[2])
		differs = ours[1] != theirs[1] ? "rcode" : "ad"
	else
		differs = ours[3] != "|" && theirs[3] != "|" ? "authority" : "answer"
	different++
	r = reason_of($1, differs)
	if (r > 0) {
		explained[r]++
		next
	}
	unexplained++
	if (unexplained <= 40)
		printf "%s: %s differs\n    warrend: %s\n    %s: %s\n", $1, differs, substr($2, 1, 300), peer, substr($3, 1, 300)
}

END {
	printf "%s: %d questions, %d answered alike, %d differently, %d of them without a reason\n", peer, asked, asked - different, different, unexplained
	for (r = 1; r <= reasons; r++)
		if (explained[r] > 0)
			printf "%6d  %s\n", explained[r], reason[r]
	exit unexplained > 0
}
