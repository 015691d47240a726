#include "tests/validator/tree.h"

#include "tests/unit.h"
#include "validator/crypto.h"
#include <stdio.h>
#include <string.h>

const char tree_soa[] = "@ SOA ns.invalid. mail.invalid. 1 3600 600 86400 300\n@ NS ns.invalid.\n";

static void text_of_tld(const struct tree *t, char *out, size_t size)
{
	char ds[512];
	struct name safe = name_of("safe.tld");
	CU_ASSERT_EQUAL_FATAL(zone_ds_text(&safe, t->safe, DIGEST_SHA256, ds, sizeof(ds)), ERR_OK);
	snprintf(out, size,
		 "%s%s"
		 "www A 192.0.2.1\n"
		 "*.wild A 192.0.2.2\n"
		 "*.wildc CNAME www.tld.\n"
		 "a.ent A 192.0.2.3\n"
		 "alias CNAME www.tld.\n"
		 "old DNAME new.tld.\n"
		 "new A 192.0.2.4\n"
		 "safe NS ns.invalid.\n"
		 "open NS ns.invalid.\n",
		 tree_soa, ds);
}

void plant_with(struct tree *t, const struct zone_plan *root, const struct zone_plan *tld,
		const struct zone_plan *safe)
{
	char text[4096], ds[512];
	struct name tld_name = name_of("tld");
	CU_ASSERT_EQUAL_FATAL(zone_ds_text(&tld_name, t->tld, DIGEST_SHA256, ds, sizeof(ds)),
			      ERR_OK);
	snprintf(text, sizeof(text), "%stld NS ns.invalid.\n%s", tree_soa, ds);
	world_add(&t->w, ".", text, root);
	text_of_tld(t, text, sizeof(text));
	t->tld_zone = world_add(&t->w, "tld", text, tld);
	snprintf(text, sizeof(text), "%swww A 192.0.2.5\n*.any TXT \"x\"\nsub NS ns.invalid.\n",
		 tree_soa);
	t->safe_zone = world_add(&t->w, "safe.tld", text, safe);
	snprintf(text, sizeof(text), "%swww A 192.0.2.6\n", tree_soa);
	struct zone_plan none = world_plan(ZONE_UNSIGNED, NULL);
	world_add(&t->w, "deep.open.tld", text, &none);
	strcat(text, "deep NS ns.invalid.\n");
	world_add(&t->w, "open.tld", text, &none);
	world_trust_key(&t->w, ".", t->root);
}

void plant_keys(struct tree *t)
{
	world_init(&t->w);
	t->root = sign_key_new(ALGORITHM_ECDSAP256, 257, 0);
	t->tld = sign_key_new(ALGORITHM_ECDSAP256, 257, 0);
	t->safe = sign_key_new(ALGORITHM_ED25519, 257, 0);
	CU_ASSERT_FATAL(t->root != NULL && t->tld != NULL && t->safe != NULL);
}

void plant(struct tree *t, enum zone_denial denial)
{
	plant_keys(t);
	struct zone_plan root = world_plan(ZONE_NSEC, t->root);
	struct zone_plan tld = world_plan(denial, t->tld);
	struct zone_plan safe = world_plan(denial, t->safe);
	plant_with(t, &root, &tld, &safe);
}

void fell(struct tree *t)
{
	world_clear(&t->w);
	sign_key_free(t->root);
	sign_key_free(t->tld);
	sign_key_free(t->safe);
}
