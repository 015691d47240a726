#include "resolver/iterate/minimise.h"

#include "resolver/base/limits.h"

/*
 * RFC 9156 section 2.3: first one label a time, then what is left is spread evenly over the
 * questions left, the longer pieces last.  Below a label that begins with an underscore there
 * are no zones worth a question (section 2.3 too), so everything is asked at once.
 */
unsigned minimise_labels(const struct name *name, unsigned known, unsigned steps)
{
	unsigned all = name_labels(name);
	if (known >= all || steps >= LIMIT_MINIMISE_STEPS)
		return all;
	unsigned left = all - known, more = 1;
	if (steps >= LIMIT_MINIMISE_ONE_LABEL)
		more = left / (LIMIT_MINIMISE_STEPS - steps);
	unsigned ask = known + (more > 0 ? more : 1);
	for (unsigned i = known; i < ask; i++) {
		const uint8_t *label = name_label(name, all - 1 - i);
		if (label != NULL && label[0] > 0 && label[1] == '_')
			return all;
	}
	return ask;
}
