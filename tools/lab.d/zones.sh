# zones.sh - makes the lab's zones, or finds them made: the folder's name is a digest of all that decides them.

ZONES_MAX_DAYS=14 # labsign's signatures hold for 35

zones_digest() {
	{
		echo "$seed $zones $tlds $root_algorithm"
		cat "$tools"/lab*.c "$tools"/lab*.h "$tools"/lab.d/zones.sh
		[ -z "$root_zone" ] || cat "$root_zone"
	} | cksum | cut -d' ' -f1
}

zones_unpack() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# Two zones are signed by programs of other houses, so that not all signatures come from one library.
zones_sign_by_bind() {
	mkdir "$1/keys-bind"
	(
		cd "$1/keys-bind" || exit
		dnssec-keygen -q -a ECDSAP256SHA256 -f KSK bind.lab
		dnssec-keygen -q -a ECDSAP256SHA256 bind.lab
		dnssec-signzone -q -S -e +3024000 -3 - -o bind.lab -d . -f ../zones/bind.lab.zone \
			../raw/bind.lab.zone
		cat dsset-bind.lab. >../ds/bind.lab
	) >/dev/null
}

zones_sign_by_knot() {
	mkdir "$1/keys-knot"
	cat >"$1/keys-knot/conf" <<-END
		database:
		  storage: $1/keys-knot
		policy:
		  - id: lab
		    algorithm: ecdsap256sha256
		    rrsig-lifetime: 35d
		    rrsig-refresh: 7d
		    rrsig-pre-refresh: 1h
		    cds-cdnskey-publish: none
		zone:
		  - domain: knot.lab
		    file: $1/raw/knot.lab.zone
		    dnssec-signing: on
		    dnssec-policy: lab
	END
	kzonesign -c "$1/keys-knot/conf" -o "$1/zones" knot.lab >"$1/keys-knot/log" 2>&1
	keymgr -c "$1/keys-knot/conf" knot.lab ds 2>/dev/null | grep ' 2 [0-9a-fA-F]*$' >"$1/ds/knot.lab"
}

zones_make() {
	dir=$1
	rm -rf "$dir.new"
	mkdir -p "$dir.new"
	if [ -n "$root_zone" ]; then
		zones_unpack "$root_zone" >"$dir.new/real-root"
		set -- "$dir.new/real-root"
	else
		set --
	fi
	"$build/bin/labzones" "$dir.new" "$seed" "$zones" "$tlds" "$root_algorithm" "$@" || die "no zones"
	zones_sign_by_bind "$dir.new" || die "dnssec-signzone failed"
	zones_sign_by_knot "$dir.new" || die "kzonesign failed, see $dir.new/keys-knot/log"
	"$build/bin/labsign" "$dir.new" "$seed" "$(nproc)" || die "signing failed"
	cp "$dir.new/ds/root" "$dir.new/anchor"
	date +%s >"$dir.new/made"
	rm -rf "$dir" "$dir.new/raw" "$dir.new/real-root"
	mv "$dir.new" "$dir"
}

# Sets zones_dir.
zones_provide() {
	program labzones "labzones.c labcurious.c labplan.c"
	program labsign "labsign.c labplan.c" -lldns
	zones_dir=$lab/zones-$(zones_digest)
	if [ -f "$zones_dir/made" ]; then
		age=$(($(date +%s) - $(cat "$zones_dir/made")))
		[ "$age" -lt 0 ] || [ "$age" -gt $((ZONES_MAX_DAYS * 86400)) ] || return 0
	fi
	say "making $zones zones below $tlds top-level domains"
	zones_make "$zones_dir"
}
