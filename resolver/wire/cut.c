#include "resolver/wire/cut.h"

const char *cut_kind_text(enum cut_kind k)
{
	switch (k) {
	case CUT_DELEGATION:
		return "the closest one known";
	case CUT_HINTS:
		return "from the root hints";
	case CUT_STUB:
		return "configured as a stub zone";
	case CUT_FORWARD:
		return "configured to be forwarded";
	}
	return "?";
}
