#include "tests/fuzz/fuzz.h"

#include "resolver/base/limits.h"
#include "validator/anchors.h"
#include "validator/root_anchors.h"

enum { ARENA = 8 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct arena *a = arena_new(ARENA);
	struct now now = { 0, 1800000000 };
	struct root_anchors r;
	struct root_anchors_error why;
	if (a == NULL)
		return 0;
	if (root_anchors_read((const char *)octets, len, now, a, &r, &why) == ERR_OK) {
		struct anchors *anchors;
		struct rrset *set = root_anchors_set(&r, a);
		FUZZ_CHECK(set != NULL && r.count > 0 && r.count <= LIMIT_ROOT_ANCHORS);
		FUZZ_CHECK(set->count <= r.count);
		FUZZ_CHECK(anchors_new(set, 1, &anchors) == ERR_OK);
		anchors_free(anchors);
	} else {
		FUZZ_CHECK(why.what != NULL && why.line >= 1);
	}
	arena_free(a);
	return 0;
}
