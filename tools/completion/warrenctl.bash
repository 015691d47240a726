# Completion of warrenctl and warren-explain for bash.
_warrenctl() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} i=1 command= choices=
	if [ "${COMP_WORDS[0]##*/}" = warren-explain ]; then
		command=explain
	else
		while [ $i -lt "$COMP_CWORD" ]; do
			case ${COMP_WORDS[i]} in
			-s | --socket) i=$((i + 1)) ;;
			-*) ;;
			*) command=${COMP_WORDS[i]} && break ;;
			esac
			i=$((i + 1))
		done
	fi
	case $before in
	-s | --socket) mapfile -t COMPREPLY < <(compgen -f -- "$word") && return ;;
	--for) mapfile -t COMPREPLY < <(compgen -W "1h 12h 1d 7d" -- "$word") && return ;;
	esac
	case $command in
	"") choices="status stats lookup flush dump snapshot reload nta anchors explain log stop --socket --json --help --version" ;;
	stats) choices="--workers --json" ;;
	lookup) choices="A AAAA CNAME DNSKEY DS HTTPS MX NS SOA SRV TXT --json" ;;
	flush) choices="A AAAA CNAME DNSKEY DS HTTPS MX NS SOA SRV TXT --tree --json" ;;
	explain) choices="A AAAA CNAME DNSKEY DS HTTPS MX NS SOA SRV TXT --fresh --json" ;;
	nta) choices="list add remove --for --json" ;;
	log) choices="error warning notice info debug --json" ;;
	*) choices="--json" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _warrenctl warrenctl warren-explain
