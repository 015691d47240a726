# Zones signed by real signers, well and broken: what is believed and what is not.
. "$(dirname "$0")/system.sh"

status_of() { # NAME TYPE: rcode, and AD when it is set
	ask "$1" "$2" +dnssec | awk '
		/status:/ { sub(/.*status: /, ""); sub(/,.*/, ""); status = $0 }
		/^;; flags:/ { if ($0 ~ / ad[ ;]/) ad = " AD" }
		END { print status ad }'
}

is() { # WANTED NAME [TYPE]
	got=$(status_of "$2" "${3-A}")
	[ "$got" = "$1" ] || { echo "# $2: $got" && return 1; }
}

start
for zone in good child.good good.optout good.iter51 dual twods crossing crossing3 nsec3 ent iter50 optout wildcard wildcard3 bind knot alg8 alg10 alg13 alg14 alg15 alg16; do
	ok "$zone.lab is secure" is "NOERROR AD" "www.$zone.lab"
	ok "$zone.lab denies a type securely" is "NOERROR AD" "www.$zone.lab" TXT
done
for zone in good nsec3 ent bind alg8 alg15; do
	[ "$zone" = bind ] || ok "$zone.lab denies a name securely" is "NXDOMAIN AD" "nothing.$zone.lab"
done
for zone in wildcard wildcard3 bind knot; do
	ok "a wildcard of $zone.lab is secure" is "NOERROR AD" "any.$zone.lab"
done
ok "an empty non-terminal is denied securely" is "NOERROR AD" b.c.ent.lab
ok "the DNAME is secure" is "NOERROR AD" www.old.dname.lab
ok "a name under opt-out is denied, not securely" is "NXDOMAIN" nothing.optout.lab
for zone in plain.good plain.nsec3 plain.optout plain.iter51 island.unsigned unsigned nods alg5 alg7 alg250 sha1ds digest250; do
	ok "$zone.lab is insecure" is "NOERROR" "www.$zone.lab"
done
# RFC 9276 section 3.2: only what needs such an NSEC3 is insecure.
ok "a wildcard of iter151.lab is insecure" is "NOERROR" nothing.iter151.lab
for zone in iter51 iter150; do
	ok "a denial of $zone.lab is insecure" is "NXDOMAIN" "nothing.$zone.lab"
	ok "an answer of $zone.lab is secure" is "NOERROR AD" "www.$zone.lab"
done
for zone in expired future wrongds wrongkey badsig stripped nokey bare revoked notzone protocol zskonly labels sha1beside dslast; do
	ok "$zone.lab is not believed" is "SERVFAIL" "www.$zone.lab"
	ok "$zone.lab is told with CD" has "$(ask "www.$zone.lab" A +cd +short)" "198.18.100.3"
	ok "$zone.lab says why" has "$(ask "www.$zone.lab" A +dnssec)" "EDE: "
done
for name in nothing.hole nothing.hole3 zzz.foreign; do
	zone=${name##*.}
	ok "$name.lab, denied without proof, is not believed" is "SERVFAIL" "$name.lab"
	ok "what $zone.lab signs is" is "NOERROR AD" "www.$zone.lab"
done
ok "a wildcard without its proof is not believed" is "SERVFAIL" nothing.wildhole.lab
ok "a delegation without proof is not believed" is "SERVFAIL" www.plain.nodenial.lab
ok "an alias into a secure zone is secure" is "NOERROR AD" secure.crossing.lab
ok "an alias into an insecure zone is not" is "NOERROR" insecure.crossing.lab
ok "an alias into a broken zone is not believed" is "SERVFAIL" bogus.crossing.lab
ok "a DNAME into an insecure zone is not secure" is "NOERROR" www.away.crossing.lab
ok "a DNAME into a broken zone is not believed" is "SERVFAIL" www.ruin.crossing.lab
ok "a denial at the end of an alias is secure" is "NXDOMAIN AD" nothing.crossing.lab
ok "a denial without proof is not believed" is "SERVFAIL" nothing.nodenial.lab
ok "what is signed beside it is" is "NOERROR AD" www.nodenial.lab
