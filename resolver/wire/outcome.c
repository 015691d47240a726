#include "resolver/wire/outcome.h"

const char *outcome_kind_text(enum outcome_kind k)
{
	switch (k) {
	case OUTCOME_ANSWER:
		return "answer";
	case OUTCOME_CNAME:
		return "cname";
	case OUTCOME_DNAME:
		return "dname";
	case OUTCOME_NODATA:
		return "nodata";
	case OUTCOME_NXDOMAIN:
		return "nxdomain";
	case OUTCOME_FAILURE:
		return "failure";
	}
	return "?";
}
